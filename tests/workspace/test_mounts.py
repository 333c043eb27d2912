import pytest

from pairwright.workspace.mounts import read_mounts, silent_file_system

MOUNTS = """\
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 27 0:30 / /srv/ann/share rw - cifs //server/share rw
31 27 0:31 / /mnt/with\\040space rw - nfs4 server:/x rw
32 27 0:32 / /mnt/ssh rw - fuse.sshfs host: rw
33 27 0:33 / /mnt/disk rw - fuseblk /dev/sdb1 rw
34 30 0:34 / /srv/ann/share/local rw - tmpfs tmpfs rw
35 27 0:35 / /over rw - nfs server:/y rw
36 35 0:36 / /over rw - ext4 /dev/vdb rw
a line that is no mount
"""


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("/home/bob", ""),
        ("/srv/ann/share", "cifs"),
        ("/srv/ann/share/deep/inside", "cifs"),
        ("/srv/ann/shared", ""),
        ("/srv/ann/share/local/x", ""),
        ("/mnt/with space/ws", "nfs4"),
        ("/mnt/ssh", "fuse.sshfs"),
        ("/mnt/disk", ""),
        ("/over/ws", ""),
    ],
)
def test_a_network_file_system_is_recognised(root: str, expected: str) -> None:
    assert silent_file_system(root, MOUNTS) == expected


def test_a_network_file_system_inside_the_workspace_counts() -> None:
    assert silent_file_system("/srv/ann", MOUNTS) == "cifs"


@pytest.mark.parametrize("mounts", ["", "\n", "no mounts at all"])
def test_without_a_table_nothing_is_assumed(mounts: str) -> None:
    assert silent_file_system("/home", mounts) == ""


def test_the_systems_own_table_is_understood() -> None:
    assert silent_file_system("/proc", read_mounts()) == ""
