#!/usr/bin/env bash
# Style and static analysis over the whole tree: lint.sh BUILD_FOLDER (with compile_commands.json).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$1
failed=0

sources=$(git ls-files '*.c' '*.h' 2>/dev/null || find core playlists player server -name '*.[ch]')
programs=$(grep -E '^(core|playlists|player|server)/.*\.c$' <<<"$sources")

echo "floors" >&2
bash tests/lint/floors.sh || failed=1
echo "clang-format" >&2
# shellcheck disable=SC2086
clang-format --dry-run --Werror $sources 2>&1 | grep -E 'error:' | cut -c1-160 | head -n 40
[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
echo "cppcheck" >&2
# shellcheck disable=SC2086
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr -I . \
    --suppress=missingIncludeSystem --error-exitcode=1 -j "$(nproc)" $programs || failed=1
echo "clang-tidy" >&2
# shellcheck disable=SC2086
printf '%s\n' $programs | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p "$build" 2>/dev/null |
    grep -E '(warning|error):' | sort -u | head -n 60 | tee "$build/clang-tidy.log"
[ -s "$build/clang-tidy.log" ] && failed=1
exit $failed
