// The Functions app: HTTP, blob and timer triggers, orchestrations and light activities; with the topology single, every stage.
param name string
param location string
param tags object

@allowed(['scheduler', 'storage', 'single'])
param topology string

param image string
param jobOwner string
param maximumReplicas int
param environmentId string
param environmentDomain string
param identityName string
param registryServer string
param storageName string
param vaultUri string
param applicationInsightsConnectionString string
param schedulerEndpoint string

var appName = 'func-${name}'
var isSingle = topology == 'single'
var isScheduled = topology == 'scheduler'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// What the app's own code reads.
var appSettings = [
  { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
  { name: 'EMU_API_KEY', secretRef: 'api-key' }
  { name: 'EMU_ENGINE', value: topology == 'storage' ? 'azure-storage' : 'durable-functions' }
  { name: 'EMU_MODELS', value: '/home/site/wwwroot/models' }
  { name: 'EMU_OWNER', value: jobOwner }
  { name: 'EMU_PUBLIC_URL', value: 'https://${appName}.${environmentDomain}' }
  { name: 'EMU_SECRETS_KEY', secretRef: 'secrets-key' }
  { name: 'EMU_STAGES', value: isSingle ? 'all' : 'light' }
  { name: 'EMU_STORAGE', value: 'https://${storageName}.blob.${environment().suffixes.storage}' }
]

// What the Functions host reads.
var hostSettings = [
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'Authorization=AAD;ClientId=${identity.properties.clientId}' }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: applicationInsightsConnectionString }
  { name: 'AZURE_FUNCTIONS_ENVIRONMENT', value: 'Production' }
  { name: 'AzureWebJobsSecretStorageType', value: 'Blob' }
  { name: 'AzureWebJobsStorage__accountName', value: storageName }
  { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobs_edits_blob_polled_Disabled', value: 'true' }
  { name: 'AzureWebJobs_uploads_blob_polled_Disabled', value: 'true' }
  { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'dotnet-isolated' }
]

var schedulerSettings = isScheduled
  ? [
      { name: 'AzureFunctionsJobHost__extensions__durableTask__hubName', value: 'emu' }
      { name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName', value: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING' }
      { name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__type', value: 'azureManaged' }
      { name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__workItemFilteringEnabled', value: 'true' }
      { name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING', value: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}' }
    ]
  : []

// A replica does one model stage at a time, so an instance must not take what it cannot begin.
var singleSettings = isSingle
  ? [{ name: 'AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions', value: '2' }]
  : []

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: isSingle ? 'gpu' : 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: true, targetPort: 80, transport: 'auto', allowInsecure: false }
      registries: [{ server: registryServer, identity: identity.id }]
      secrets: [
        { name: 'api-key', keyVaultUrl: '${vaultUri}secrets/api-key', identity: identity.id }
        { name: 'secrets-key', keyVaultUrl: '${vaultUri}secrets/secrets-key', identity: identity.id }
      ]
    }
    template: {
      containers: [
        {
          name: 'functions'
          image: empty(image) ? 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest' : image
          env: concat(appSettings, hostSettings, schedulerSettings, singleSettings)
          resources: isSingle ? { cpu: json('8'), memory: '56Gi' } : { cpu: json('2'), memory: '4Gi' }
        }
      ]
      // One replica at least: timers, and the keys that Event Grid calls with, need a running host. Durable Functions on Azure
      // Storage are not scaled by the platform, so the topology single runs a fixed number of replicas.
      scale: { minReplicas: isSingle ? maximumReplicas : 1, maxReplicas: maximumReplicas }
      terminationGracePeriodSeconds: 60
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.configuration.ingress.fqdn}'
