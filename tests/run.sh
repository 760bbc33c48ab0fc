# Sourced by the launcher: `emu test [FILTER]` builds everything, runs every test project and prints the totals in one line.

node_packages="azurite@^3 openai@^7 standardwebhooks@^1"

# Installs the storage emulator and the client packages that tests use. Without node (or a package registry) those tests are skipped.
install_node_packages() {
  if ! command -v npm >/dev/null 2>&1; then say "node is not installed: tests that need azurite or the openai client are skipped."; return; fi
  [ "$(cat "$cache/node/.installed" 2>/dev/null)" = "$node_packages" ] && return
  say "installing test packages into $cache/node ($node_packages) …"
  mkdir -p "$cache/node"
  # shellcheck disable=SC2086
  if run_quietly npm install --prefix "$cache/node" --no-audit --no-fund --no-save --loglevel=error $node_packages; then
    printf '%s' "$node_packages" >"$cache/node/.installed"
  else
    say "npm could not install them (see above): tests that need them are skipped."
  fi
}

# Installs the browser of Studio's tests where that may be done; without one those tests are skipped.
install_chromium() {
  local program
  for program in chromium chromium-browser google-chrome; do command -v "$program" >/dev/null 2>&1 && return; done
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    say "installing chromium (apt-get install chromium) …"
    run_quietly env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends chromium' \
      || say "apt-get could not install it (see above): the browser tests are skipped."
  else
    say "chromium is not installed: the browser tests are skipped (Debian: sudo apt-get install chromium)."
  fi
}

# Runs one test program (xunit.v3 projects are executables) and adds its summary to the totals.
run_project() {
  local project="$1" log="$2"; shift 2
  local name; name="$(basename "$project")"
  local program="$project/bin/Release/net10.0/$name.dll" status=0
  printf '%s%s%s\n' "$bold" "$name" "$plain"
  "$dotnet" "$program" -nologo -noColor "$@" >"$log" 2>&1 || status=$?
  local summary; summary="$(grep -E '^ *(=== )?.*Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1 || true)"
  if [ -z "$summary" ] && [ "$status" = 0 ] && grep -qE 'Total: 0$' "$log"; then echo "  no tests"; return; fi
  if [ -z "$summary" ]; then
    cat "$log"; printf '%s%s ended with exit code %s and no summary%s\n' "$red" "$name" "$status" "$plain"
    failed=$((failed + 1)); return
  fi
  local total errors bad left_out
  total="$(number_after Total "$summary")" errors="$(number_after Errors "$summary")" bad="$(number_after Failed "$summary")" left_out="$(number_after Skipped "$summary")"
  passed=$((passed + total - bad - left_out)) failed=$((failed + bad + errors)) skipped=$((skipped + left_out))
  if [ $((bad + errors)) -gt 0 ] || { [ "$status" != 0 ] && [ "$total" -gt 0 ]; }; then
    grep -vE '^ *(Discover|Start|Finish)' "$log" || true
    [ $((bad + errors)) -gt 0 ] || { failed=$((failed + 1)); printf '%s%s ended with exit code %s%s\n' "$red" "$name" "$status" "$plain"; }
  else
    grep -E '\[WARN\]' -A 1 "$log" || true
  fi
  # A skipped test's reason, which names the missing tool, stands on the line after its name.
  { grep -E '\[SKIP\]' -A 1 "$log" || true; } | sed -n '/\[SKIP\]/{n;s/^ *//;p;}' >>"$scratch/skipped"
  printf '  %s passed, %s failed, %s skipped (%s s)\n' $((total - bad - left_out)) $((bad + errors)) "$left_out" "$(printf '%s' "$summary" | sed -E 's/.*Time: ([0-9.]+)s.*/\1/')"
}

number_after() { printf '%s' "$2" | sed -E "s/.*$1: ([0-9]+).*/\1/"; }

# The smoke training runs beside the test projects, on the time of the cores that they leave. Sets `smoke` to its process id,
# empty if there is no Python for it.
start_training_smoke() {
  local python='' candidate
  for candidate in /usr/bin/python3 "$(command -v python3 || true)"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ] && "$candidate" -c 'import torch' >/dev/null 2>&1; then python="$candidate"; break; fi
  done
  [ -n "$python" ] || return 0
  set -m      # a process group of its own, which ends with all its workers if the tests are interrupted
  PYTHONDONTWRITEBYTECODE=1 nice -n 19 "$python" "$root/models/training/smoke.py" </dev/null >"$scratch/smoke" 2>&1 &
  smoke=$!
  set +m
}

# It counts as one test: 0 passed, 77 skipped, anything else failed.
finish_training_smoke() {
  local status=0
  printf '%s%s%s\n' "$bold" "models/training/smoke.py" "$plain"
  if [ -z "$smoke" ]; then
    skipped=$((skipped + 1)); echo "  1 skipped"
    echo "no Python here can import torch (Debian: apt-get install python3-torch libopenblas0-pthread python3-onnx python3-pil)" >>"$scratch/skipped"
    return
  fi
  wait "$smoke" || status=$?
  smoke=''
  case "$status" in
    0) passed=$((passed + 1)); echo "  1 passed" ;;
    77) skipped=$((skipped + 1)); echo "  1 skipped"; tail -n 1 "$scratch/smoke" >>"$scratch/skipped" ;;
    *) failed=$((failed + 1)); cat "$scratch/smoke"; printf '  %s1 failed (exit code %s)%s\n' "$red" "$status" "$plain" ;;
  esac
}

run_tests() {
  local filter="${1:-}" passed=0 failed=0 skipped=0 project training="$root/models/training/smoke.py"
  [ $# -le 1 ] || die "usage: emu test [FILTER], where FILTER is part of a test's full name"
  install_node_packages
  install_chromium
  say "building the solution …"
  with_lock "$root/src/Emu.Local/obj/.build.lock" run_quietly "$dotnet" build "$root/EmuFunctions.sln" -c Release --nologo -v q -nodeReuse:false \
    || die "the build failed (see above)."
  local scratch; scratch="$(mktemp -d "${TMPDIR:-/tmp}/emu-test.XXXXXX")"
  : >"$scratch/skipped"
  smoke=''
  # shellcheck disable=SC2064
  trap "[ -z \"\$smoke\" ] || kill -- -\$smoke 2>/dev/null || true; rm -rf '$scratch'" EXIT
  if [ -n "$filter" ] || [ ! -f "$training" ]; then training=''; else start_training_smoke; fi
  for project in "$root"/tests/*.Tests; do
    [ -f "$project/$(basename "$project").csproj" ] || continue
    if [ -n "$filter" ]; then run_project "$project" "$scratch/log" -method "*$filter*"; else run_project "$project" "$scratch/log"; fi
  done
  [ -z "$training" ] || finish_training_smoke
  if [ -s "$scratch/skipped" ]; then
    say "skipped, by reason:"
    sort "$scratch/skipped" | uniq -c | sort -rn | sed 's/^/  /' >&2
  fi
  if [ $((passed + failed + skipped)) = 0 ]; then failed=1; say "no test's name contains '$filter'"; fi
  if [ "$failed" = 0 ]; then printf '%s' "$green"; else printf '%s' "$red"; fi
  printf 'tests: %s passed, %s failed, %s skipped%s\n' "$passed" "$failed" "$skipped" "$plain"
  [ "$failed" = 0 ] || exit 1
  exit 0
}
