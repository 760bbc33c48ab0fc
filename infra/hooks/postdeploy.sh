#!/usr/bin/env sh
# Subscribes the Functions app to new blobs in the containers 'uploads' and 'edits'. Event Grid calls the host with its key
# 'blobs_extension', which is there only once the app has run: so this cannot be done by Bicep.
set -eu

subscription="${AZURE_SUBSCRIPTION_ID:?run by azd, which sets it}"
group="${AZURE_RESOURCE_GROUP:?run by azd, which sets it}"
app="${EMU_FUNCTIONS_APP:?run by azd, which sets it}"
topic="${EMU_UPLOAD_TOPIC:?run by azd, which sets it}"
url="${EMU_URL:?run by azd, which sets it}"

if ! az containerapp function keys list --help >/dev/null 2>&1; then
  echo "This needs the Azure CLI's extension 'containerapp' with 'az containerapp function': az extension add --upgrade --name containerapp" >&2
  exit 1
fi

read_key() {
  az containerapp function keys show --subscription "$subscription" --resource-group "$group" --name "$app" \
    --key-type systemKey --key-name blobs_extension --query value --output tsv
}

tries=0
until key="$(read_key 2>/dev/null)" && [ -n "$key" ]; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    read_key >&2 || true
    echo "The app has not made its key 'blobs_extension' in five minutes: see its log with: az containerapp logs show -g $group -n $app" >&2
    exit 1
  fi
  sleep 10
done

for container in uploads edits; do
  az eventgrid system-topic event-subscription create \
    --subscription "$subscription" --resource-group "$group" --system-topic-name "$topic" --name "$container" \
    --endpoint-type webhook \
    --endpoint "$url/runtime/webhooks/blobs?functionName=Host.Functions.${container}_blob_events&code=$key" \
    --included-event-types Microsoft.Storage.BlobCreated \
    --subject-begins-with "/blobServices/default/containers/$container/blobs/" \
    --max-delivery-attempts 30 --event-ttl 1440 --output none
done

echo "Pictures in the container 'uploads' now become videos, those in 'edits' are edited; results land in 'outputs'."
echo "The API is at $url; the first key is EMU_API_KEY of 'azd env get-values'."
