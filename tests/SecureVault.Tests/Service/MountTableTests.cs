using System.Linq;
using SecureVault.Service.Kernels;
using Xunit;

namespace SecureVault.Tests.Service;

public sealed class MountTableTests
{
    [Fact]
    public void A_drive_is_known_by_its_type_and_owner() => Assert.Equal(
        new MountEntry("0:98", "/mnt/a b", "fuse.securevault", "securevault", 1000),
        MountTable.Parse(@"36 35 0:98 / /mnt/a\040b rw,nosuid shared:1 master:2 - fuse.securevault securevault rw,user_id=1000,group_id=1000,allow_other"));

    [Theory]
    [InlineData("")]
    [InlineData("36 35 0:98 / /mnt rw")]
    [InlineData("36 35 0:98 / /mnt rw - ext4")]
    public void A_line_that_is_cut_is_none(string line) => Assert.Null(MountTable.Parse(line));

    [Fact]
    public void Octal_digits_are_one_byte_each() => Assert.Equal("/\u4e2d\\x", MountTable.Parse(@"1 2 0:1 / /\344\270\255\134x rw - tmpfs tmpfs rw")!.MountPoint);

    [Fact]
    public void The_root_of_this_machine_is_mounted() => Assert.Contains("/", MountTable.Read().Select(m => m.MountPoint));
}
