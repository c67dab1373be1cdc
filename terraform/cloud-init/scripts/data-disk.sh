#!/bin/sh
# data-disk.sh FOLDER: mounts the node's second disk there, and formats it only if it is empty.
#
# The disk is found by its lasting name (by-id, else by-path), never by the order of /dev/vd?. The
# OS disk has partitions; the data disk has none and is the only such disk.
set -eu
root=${ROOT:-}
folder=$1
label=longhorn

fail() {
    echo "data-disk.sh: $*" >&2
    exit 1
}

disk=
for link in "$root"/dev/disk/by-id/virtio-* "$root"/dev/disk/by-path/*; do
    case $link in *-part[0-9]*) continue ;; esac
    [ -e "$link" ] || continue
    [ ! -e "$link-part1" ] || continue # the OS disk
    device=$(readlink -f "$link")
    case $device in */sr[0-9]* | */fd[0-9]*) continue ;; esac # cloud-init's own drive
    [ -z "$disk" ] || [ "$(readlink -f "$disk")" = "$device" ] ||
        fail "two disks without partitions, $disk and $link; detach the one that is not Longhorn's"
    disk=${disk:-$link}
done
[ -n "$disk" ] || fail "no disk without partitions in /dev/disk; attach the node's data disk"

found=$(blkid --probe --match-tag LABEL --output value "$disk") || found=
if [ "$found" != "$label" ]; then
    # Empty: no file system, no partition table, and nothing but zeros in its first MiB.
    ! blkid --probe "$disk" >/dev/null 2>&1 ||
        fail "$disk holds something that is not Longhorn's; empty it by hand (wipefs --all) if it may go"
    cmp --silent --bytes=1048576 "$disk" /dev/zero ||
        fail "$disk is not empty; empty it by hand (dd if=/dev/zero) if its content may go"
    mkfs.ext4 -q -F -L "$label" "$disk"
fi

uuid=$(blkid --probe --match-tag UUID --output value "$disk")
mkdir -p "$root$folder"
line="UUID=$uuid $folder ext4 defaults,noatime 0 2"
grep -qxF "$line" "$root/etc/fstab" || echo "$line" >>"$root/etc/fstab"
mountpoint --quiet "$root$folder" || mount "$root$folder"
