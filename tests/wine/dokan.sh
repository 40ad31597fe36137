#!/usr/bin/env bash
# The Windows drive over DokanNet, as far as it goes without a Windows kernel: every script of tests/scripts/windows is played by a
# stand-in for dokan2.dll, through the real DokanNet, the adapter and the engine, in the real securevault.exe under Wine, on a vault
# that the Linux build made before and examines after.
#
#   DOKANNET_ASSEMBLY=/path/to/DokanNet.dll tests/wine/dokan.sh [SCRIPT.nt ...]
#
# Needs root and /dev/fuse (the Linux side mounts), wine, x86_64-w64-mingw32-gcc, python3 and the .NET SDK. Leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD

if [ -z "${DOKANNET_ASSEMBLY:-}" ]; then
    echo "not run: DOKANNET_ASSEMBLY names no DokanNet.dll, and none is in this repository"
    exit 0
fi
[ -f "$DOKANNET_ASSEMBLY" ] || { echo "$DOKANNET_ASSEMBLY: no such file"; exit 1; }
for tool in wine wineserver x86_64-w64-mingw32-gcc python3 dotnet; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: install it first"; exit 1; }
done

work=$(mktemp -d -t securevault-dokan-XXXXXX)
export WINEPREFIX=$work/prefix WINEDEBUG=-all SECUREVAULT_PASSPHRASE="correct horse battery staple" DOTNET_NOLOGO=1

# Debian's Wine keeps its server's socket in a folder of /tmp that the prefix names, and leaves it there.
finish() {
    wineserver -k -w 2>/dev/null || true
    left=$(cat "$WINEPREFIX/wineserver" 2>/dev/null || true)
    case "$left" in wine-*) rm -rf "/tmp/$left" ;; esac
    rm -rf "$work"
}
trap finish EXIT

echo "building"
x86_64-w64-mingw32-gcc -std=gnu11 -O1 -Wall -Wextra -Werror -shared -static-libgcc -o "$work/dokan2.dll" tests/wine/dokan2/*.c -ladvapi32
dotnet build src/SecureVault.Cli -c Release -o "$work/linux" --nologo -v q >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
dotnet publish src/SecureVault.Cli -c Release -r win-x64 --self-contained -p:DokanNetAssembly="$(realpath "$DOKANNET_ASSEMBLY")" -o "$work/windows" --nologo -v q \
    >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
cp "$work/dokan2.dll" "$work/windows/"
mkdir "$work/other"
echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><AssemblyVersion>2.3.0.0</AssemblyVersion></PropertyGroup></Project>' \
    >"$work/other/DokanNet.csproj"
dotnet build "$work/other" -o "$work/other/out" --nologo -v q >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
wineboot -i >/dev/null 2>&1

python3 "$here/tests/wine/replay.py" "$work" "${@:-}"
