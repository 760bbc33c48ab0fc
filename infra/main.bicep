// EmuFunctions on Azure: a Functions app and a GPU worker in one Container Apps environment.
targetScope = 'subscription'

@minLength(1)
@maxLength(48)
@description('The name of the azd environment; part of the resource group\'s name.')
param environmentName string

@minLength(1)
@description('The region. It must offer serverless GPUs of the chosen kind and, with the topology scheduler, the Durable Task Scheduler.')
param location string

@description('Who runs what. scheduler: Durable Functions on the Durable Task Scheduler, model stages on GPU workers. storage: the project\'s engine on Azure Storage, model stages on GPU workers. single: Durable Functions on Azure Storage, every stage in the Functions app on a GPU.')
@allowed(['scheduler', 'storage', 'single'])
param topology string = 'scheduler'

@description('The GPU of a replica: T4 (16 GB) or A100 (80 GB).')
@allowed(['T4', 'A100'])
param gpu string = 'T4'

@description('The most GPU replicas at once; the subscription\'s quota must allow them.')
@minValue(1)
param maximumGpuReplicas int = 1

@description('The most replicas of the Functions app.')
@minValue(1)
param maximumFunctionsReplicas int = 4

@description('The most that a month should cost, in the subscription\'s currency. Nothing is stopped: an e-mail is sent at 50, 80 and 100 percent.')
@minValue(1)
param monthlyBudget int = 200

@description('Who gets the budget\'s e-mails; no budget is made if empty.')
param budgetContact string = ''

@description('The first day of the budget: the first of a month.')
param budgetStart string = utcNow('yyyy-MM-01')

@secure()
@description('The key that encrypts API keys, webhook secrets and deliveries: 32 bytes as Base64. The preprovision hook makes one.')
param secretsKey string

@secure()
@description('The first API key, stored as a hash when the app starts for the first time. The preprovision hook makes one.')
param apiKey string

@description('Whose jobs the first API key sees, and uploads become.')
param jobOwner string = 'admin'

@description('The Functions app\'s image; azd sets it after the first deployment.')
param functionsImage string = ''

@description('The worker\'s image; azd sets it after the first deployment.')
param workerImage string = ''

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
var hasWorker = topology != 'single'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags }
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags, secretsKey: secretsKey, apiKey: apiKey }
}

module registry 'modules/registry.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags }
}

module scheduler 'modules/scheduler.bicep' = if (topology == 'scheduler') {
  scope: group
  params: { name: token, location: location, tags: tags }
}

module environment 'modules/environment.bicep' = {
  scope: group
  params: { name: token, location: location, tags: tags, gpu: gpu, logAnalyticsName: monitoring.outputs.logAnalyticsName }
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    topology: topology
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    workerPrincipalId: identities.outputs.workerPrincipalId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    registryName: registry.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    schedulerName: scheduler.?outputs.name ?? ''
  }
}

module functions 'modules/functions.bicep' = {
  scope: group
  params: {
    name: token
    location: location
    tags: tags
    topology: topology
    image: functionsImage
    jobOwner: jobOwner
    maximumReplicas: hasWorker ? maximumFunctionsReplicas : maximumGpuReplicas
    environmentId: environment.outputs.id
    environmentDomain: environment.outputs.domain
    identityName: identities.outputs.functionsName
    registryServer: registry.outputs.server
    storageName: storage.outputs.name
    vaultUri: vault.outputs.uri
    applicationInsightsConnectionString: monitoring.outputs.applicationInsightsConnectionString
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
  }
  dependsOn: [roles]
}

module worker 'modules/worker.bicep' = if (hasWorker) {
  scope: group
  params: {
    name: token
    location: location
    tags: tags
    topology: topology
    image: workerImage
    maximumReplicas: maximumGpuReplicas
    environmentId: environment.outputs.id
    identityName: identities.outputs.workerName
    registryServer: registry.outputs.server
    storageName: storage.outputs.name
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    schedulerHub: scheduler.?outputs.hub ?? ''
  }
  dependsOn: [roles]
}

module budget 'modules/budget.bicep' = if (!empty(budgetContact)) {
  scope: group
  params: { name: token, amount: monthlyBudget, contact: budgetContact, start: budgetStart }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.server
output EMU_URL string = functions.outputs.url
output EMU_FUNCTIONS_APP string = functions.outputs.name
output EMU_UPLOAD_TOPIC string = storage.outputs.topicName
output EMU_STORAGE_ACCOUNT string = storage.outputs.name
