#!/usr/bin/env sh
# Makes the two secrets of an azd environment, once: Key Vault gets them, and the apps read them from there. Says what the Functions
# app's image is built with, which depends on the topology.
set -eu

have() { azd env get-values | grep -q "^$1="; }

if ! have EMU_SECRETS_KEY; then
  azd env set EMU_SECRETS_KEY "$(openssl rand -base64 32)"
fi

if ! have EMU_API_KEY; then
  azd env set EMU_API_KEY "emu_$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')"
fi

case "${EMU_TOPOLOGY:-scheduler}" in
  scheduler) scheduler=true models=false gpu=false ;;
  storage) scheduler=false models=true gpu=false ;;
  single) scheduler=false models=true gpu=true ;;
  *) echo "EMU_TOPOLOGY is '$EMU_TOPOLOGY'; scheduler, storage and single are accepted." >&2; exit 1 ;;
esac
azd env set EMU_DURABLE_TASK_SCHEDULER "$scheduler"
azd env set EMU_MODEL_STAGES "$models"
azd env set EMU_FUNCTIONS_GPU "$gpu"
