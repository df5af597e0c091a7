#!/usr/bin/env bash
# Checks the units as systemd reads them: no mistakes in them, and no more rights than they need
# (exposure at most 2.0). units.sh FOLDER, where CMake put the units.
set -euo pipefail
folder=$1
most=20

skip() { printf 'skipped: %s\n' "$1"; exit 77; }
command -v systemd-analyze >/dev/null || skip "systemd-analyze is not there"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for unit in vitrine-player vitrine-server vitrine-backup; do
    printf '#!/bin/sh\n' >"$work/$unit"
    chmod +x "$work/$unit"
    sed "s|^ExecStart=[^ ]*|ExecStart=$work/$unit|" "$folder/$unit.service" >"$work/$unit.service"
    grep -q "^ExecStart=$work/$unit" "$work/$unit.service"
done

# A unit that is right by any reading: when even it is refused, this machine cannot tell.
printf '[Service]\nExecStart=%s\n' "$work/vitrine-player" >"$work/plain.service"
systemd-analyze verify "$work/plain.service" >/dev/null 2>&1 ||
    skip "systemd-analyze verify does not work on this machine"

failed=0
for unit in vitrine-player vitrine-server vitrine-backup; do
    said=$(systemd-analyze verify "$work/$unit.service" 2>&1) || failed=1
    if grep "$unit.service" <<<"$said"; then failed=1; fi
    systemd-analyze security --offline=true --threshold=$most --no-pager "$work/$unit.service" \
        >"$work/$unit.security" 2>&1 || { failed=1; grep -E '^✗' "$work/$unit.security" || true; }
    tail -n 1 "$work/$unit.security"
done

sh -n "$folder/vitrine-doctor" || failed=1

# What a player must not lose, however tight the sandbox: it would show nothing, and say little.
for need in 'DeviceAllow=char-drm rw' 'DeviceAllow=char-input' 'DeviceAllow=char-cec rw' \
    'DeviceAllow=char-alsa rw' 'SupplementaryGroups=video render input tty audio' \
    'Type=notify' 'WatchdogSec=' 'Restart=always' \
    'SocketBindDeny=any' 'User=vitrine' 'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK'; do
    grep -q "^$need" "$folder/vitrine-player.service" || { printf 'missing: %s\n' "$need"; failed=1; }
done
for never in PrivateDevices=yes PrivateNetwork=yes ProcSubset=pid MemoryDenyWriteExecute=yes User=root; do
    if grep -q "^$never" "$folder/vitrine-player.service"; then
        printf 'must not be: %s\n' "$never"
        failed=1
    fi
done
exit $failed
