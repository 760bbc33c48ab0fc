# Sourced by the launcher: `emu azure` starts Azurite, and on it the Functions app under a Functions host, or, where there is none,
# `emu serve` with the engine that needs no host.

azurite_data="${EMU_AZURITE:-$HOME/.emu/azurite}"
azure_url="${EMU_AZURE_URL:-http://localhost:7071}"
azure_uploads="pictures in the container 'uploads' become videos, those in 'edits' are edited; results land in 'outputs'"

# Azurite's key is public; what it holds is encrypted with this one, which is no secret either.
export EMU_SECRETS_KEY="${EMU_SECRETS_KEY:-ZW11bGF0b3Itb25seSwgdGhpcyBpcyBubyBzZWNyZXQ=}"

start_azurite() {
  if (exec 3<>/dev/tcp/127.0.0.1/10000) 2>/dev/null; then
    say "something listens at port 10000: it is taken for Azurite."
    return
  fi
  install_node_packages
  local azurite="$cache/node/node_modules/.bin/azurite"
  [ -x "$azurite" ] || die "Azurite is not installed and cannot be (see above): it needs node and npm."
  mkdir -p "$azurite_data"
  say "starting Azurite at ports 10000 to 10002; its data is in $azurite_data"
  "$azurite" --silent --skipApiVersionCheck --disableTelemetry --location "$azurite_data" >"$azurite_data/azurite.log" 2>&1 </dev/null &
  azurite_pid=$!
  trap 'kill "$azurite_pid" 2>/dev/null || true' EXIT
  local tries=0
  until (exec 3<>/dev/tcp/127.0.0.1/10002) 2>/dev/null; do
    kill -0 "$azurite_pid" 2>/dev/null || { cat "$azurite_data/azurite.log" >&2; die "Azurite did not start (see above)."; }
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || die "Azurite does not listen after 30 seconds; see $azurite_data/azurite.log"
    sleep 0.2
  done
}

# The settings of local.settings.json.example, for a host that is started here.
functions_environment() {
  unset CONTAINER_NAME
  export WEBSITE_HOSTNAME="${azure_url#*://}"   # func sets it itself; without it the host gives no function a durable client
  export FUNCTIONS_WORKER_RUNTIME=dotnet-isolated AZURE_FUNCTIONS_ENVIRONMENT=Development
  export AzureWebJobsStorage='UseDevelopmentStorage=true' AzureWebJobs_uploads_blob_events_Disabled=true AzureWebJobs_edits_blob_events_Disabled=true
  export EMU_STORAGE='UseDevelopmentStorage=true' EMU_ENGINE=durable-functions EMU_STAGES=all EMU_MODELS="${EMU_MODELS:-$root/models:${EMU_DATA:-$HOME/.emu}/models}"
}

emulate_azure() {
  [ $# = 0 ] || die "usage: emu azure (EMU_FUNCTIONS_HOST names an Azure Functions host, EMU_AZURE_URL where it listens; default: $azure_url)"
  local app="$root/src/Emu.Functions/bin/Release/net10.0"
  start_azurite
  if [ -n "${EMU_FUNCTIONS_HOST:-}" ]; then
    [ -e "$EMU_FUNCTIONS_HOST" ] || die "EMU_FUNCTIONS_HOST names '$EMU_FUNCTIONS_HOST', which is not there; a Functions host's program or .dll is accepted."
    build_once src/Emu.Functions "$root/src" "$root/host.json"
    functions_environment
    say "the Functions app under $EMU_FUNCTIONS_HOST: $azure_url; $azure_uploads; Ctrl+C stops all"
    local host=("$EMU_FUNCTIONS_HOST")
    case "$EMU_FUNCTIONS_HOST" in *.dll) host=("$dotnet" "$EMU_FUNCTIONS_HOST") ;; esac
    ASPNETCORE_URLS="$azure_url" AzureWebJobsScriptRoot="$app" "${host[@]}"
  elif command -v func >/dev/null 2>&1; then
    build_once src/Emu.Functions "$root/src" "$root/host.json"
    functions_environment
    say "the Functions app under func: $azure_url; $azure_uploads; Ctrl+C stops all"
    (cd "$app" && func start --no-build --port "${azure_url##*:}")
  else
    build_once src/Emu.Local "$root/src"
    say "there is no Azure Functions host here (no 'func', and EMU_FUNCTIONS_HOST names none): emu serve answers instead, with the same API, the engine on Azure Storage, and uploads found by polling. The Functions app itself is not run."
    "$dotnet" "$root/src/Emu.Local/bin/Release/net10.0/emu-local.dll" serve --engine azure-storage --storage 'UseDevelopmentStorage=true' --urls "$azure_url"
  fi
}
