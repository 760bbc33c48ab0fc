#!/usr/bin/env sh
# Subscribes the Functions app to new blobs in the container 'uploads'. Event Grid calls the host with its key 'blobs_extension',
# which is there only once the app has run: so this cannot be done by Bicep.
set -eu

group="${AZURE_RESOURCE_GROUP:?run by azd, which sets it}"
app="${EMU_FUNCTIONS_APP:?run by azd, which sets it}"
topic="${EMU_UPLOAD_TOPIC:?run by azd, which sets it}"
url="${EMU_URL:?run by azd, which sets it}"

if ! az containerapp function keys list --help >/dev/null 2>&1; then
  echo "This needs the Azure CLI's extension 'containerapp' with 'az containerapp function': az extension add --upgrade --name containerapp" >&2
  exit 1
fi

key=''
tries=0
while [ -z "$key" ]; do
  key="$(az containerapp function keys show --resource-group "$group" --name "$app" --key-type systemKey --key-name blobs_extension --query value --output tsv 2>/dev/null || true)"
  tries=$((tries + 1))
  if [ -z "$key" ]; then
    if [ "$tries" -ge 30 ]; then
      echo "The app has not made its key 'blobs_extension' in five minutes: see its log with: az containerapp logs show -g $group -n $app" >&2
      exit 1
    fi
    sleep 10
  fi
done

az eventgrid system-topic event-subscription create \
  --resource-group "$group" --system-topic-name "$topic" --name uploads \
  --endpoint-type webhook \
  --endpoint "$url/runtime/webhooks/blobs?functionName=Host.Functions.uploads_events&code=$key" \
  --included-event-types Microsoft.Storage.BlobCreated \
  --subject-begins-with /blobServices/default/containers/uploads/blobs/ \
  --max-delivery-attempts 30 --event-ttl 1440 --output none

echo "Pictures in the container 'uploads' now become videos in 'outputs'."
echo "The API is at $url; the first key is EMU_API_KEY of 'azd env get-values'."
