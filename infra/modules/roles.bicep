// What each app may do, and nothing more.
@allowed(['scheduler', 'storage', 'single'])
param topology string

param functionsPrincipalId string
param workerPrincipalId string
param storageName string
param vaultName string
param registryName string
param applicationInsightsName string
param schedulerName string

var role = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  durableTaskDataContributor: '0ad04412-c4d5-4796-b79c-f76d14c8d402'
}

// The Functions host keeps locks, keys and the state of triggers in blobs, queues and tables of this account.
var functionsStorageRoles = [role.storageBlobDataOwner, role.storageQueueDataContributor, role.storageTableDataContributor]

// A worker on the project's engine takes activities from queues and leases from blobs; one on the scheduler needs the artifacts.
var workerStorageRoles = topology == 'storage'
  ? [role.storageBlobDataContributor, role.storageQueueDataContributor, role.storageTableDataContributor]
  : []
var workerContainers = topology == 'scheduler' ? ['emu'] : []
var hasWorker = topology != 'single'

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName

  resource blobs 'blobServices@2025-06-01' existing = {
    name: 'default'

    resource containers 'containers@2025-06-01' existing = [for container in workerContainers: { name: container }]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: registryName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' existing = if (topology == 'scheduler') {
  name: empty(schedulerName) ? 'none' : schedulerName
}

resource functionsStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for id in functionsStorageRoles: {
    name: guid(storage.id, functionsPrincipalId, id)
    scope: storage
    properties: {
      principalId: functionsPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id)
    }
  }
]

resource functionsVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, functionsPrincipalId, role.keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsUser)
  }
}

resource functionsRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, functionsPrincipalId, role.acrPull)
  scope: registry
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.acrPull)
  }
}

resource functionsTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, functionsPrincipalId, role.monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.monitoringMetricsPublisher)
  }
}

resource functionsScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (topology == 'scheduler') {
  name: guid(scheduler.id, functionsPrincipalId, role.durableTaskDataContributor)
  scope: scheduler
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.durableTaskDataContributor)
  }
}

resource workerStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for id in workerStorageRoles: {
    name: guid(storage.id, workerPrincipalId, id)
    scope: storage
    properties: {
      principalId: workerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id)
    }
  }
]

resource workerContainerRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (container, index) in workerContainers: {
    name: guid(storage::blobs::containers[index].id, workerPrincipalId, role.storageBlobDataContributor)
    scope: storage::blobs::containers[index]
    properties: {
      principalId: workerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageBlobDataContributor)
    }
  }
]

resource workerRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasWorker) {
  name: guid(registry.id, workerPrincipalId, role.acrPull)
  scope: registry
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.acrPull)
  }
}

resource workerScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (topology == 'scheduler') {
  name: guid(scheduler.id, workerPrincipalId, role.durableTaskDataContributor)
  scope: scheduler
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.durableTaskDataContributor)
  }
}
