using System.Linq;
using SecureVault.Fuse.Mount;
using Xunit;

namespace SecureVault.Tests.Fuse.Mount;

public sealed class MountTableTests
{
    private const string Table =
        "22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
        + "42 27 0:39 / /mnt/my\\040drive rw,nosuid,nodev,relatime - fuse.securevault securevault rw,user_id=0\n"
        + "43 27 0:40 / /mnt/twice rw shared:1 master:2 - ext4 /dev/vda rw\n"
        + "44 27 0:41 / /mnt/twice rw - fuse.securevault securevault rw\n"
        + "half a line\n";

    [Fact]
    public void A_row_is_found_by_its_mount_point_with_escapes_undone()
        => Assert.Equal(new MountRow(42, "0:39", "/mnt/my drive", "fuse.securevault"), MountTable.Find(Table, "/mnt/my drive"));

    [Fact]
    public void Every_row_has_its_number_by_which_a_mount_is_known_when_its_folder_was_renamed()
        => Assert.Equal([22, 42, 43, 44], MountTable.Rows(Table).Select(row => row.Id));

    [Fact]
    public void The_topmost_of_two_mounts_is_found() => Assert.Equal("0:41", MountTable.Find(Table, "/mnt/twice")!.Device);

    [Theory]
    [InlineData("/mnt")]
    [InlineData("/mnt/my")]
    [InlineData("/sys/")]
    [InlineData("")]
    public void Nothing_is_mounted_at_other_paths(string path) => Assert.Null(MountTable.Find(Table, path));

    [Fact]
    public void The_connections_number_is_the_devices_minor() => Assert.Equal(39, MountTable.Minor("0:39"));
}
