// Artifacts, uploads, and the Functions host's own data. Identities only: there are no shared keys.
@minLength(13)
param name string
param location string
param tags object

@description('After how many days a job\'s files are removed if the app\'s own retention (7 days) has not done it: checkpoints and latents of attempts that nobody finished.')
@minValue(9)
param artifactDays int = 14

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'st${name}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    // Jobs' files are written once and removed in time: keeping removed ones would only cost.
    deleteRetentionPolicy: { enabled: false }
  }
}

// emu: artifacts. emu-private: keys and webhooks, encrypted by the app. uploads and edits: pictures that become
// videos, pictures to edit. outputs: the results of both.
resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for container in ['emu', 'emu-private', 'uploads', 'edits', 'outputs']: {
    parent: blobs
    name: container
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          // Not those of edits: the versions of a session are kept, however old, as long as it is continued.
          name: 'remove-old-artifacts'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['emu/jobs/image_', 'emu/jobs/video_'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: artifactDays } } }
          }
        }
        {
          // Long messages of orchestrations whose history was never purged.
          name: 'remove-old-messages'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['emu-largemessages/', 'emufunctions-largemessages/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: artifactDays } } }
          }
        }
      ]
    }
  }
}

// The subscriptions need a key of the running app, so the postdeploy hook makes them.
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-${name}'
  location: location
  tags: tags
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

output name string = account.name
output topicName string = topic.name
