// The GPU worker (Emu.Worker), for the stages that run models. Without work there is no replica.
param name string
param location string
param tags object

@allowed(['scheduler', 'storage', 'single'])
param topology string

param image string
param maximumReplicas int
param environmentId string
param identityName string
param registryServer string
param storageName string
param schedulerEndpoint string
param schedulerHub string

var stages = ['keyframe', 'animate', 'interpolate', 'upsample', 'mask', 'edit']
var isScheduled = topology == 'scheduler'
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// What the worker reads. It needs no key: API keys and webhooks are the Functions app's.
var settings = [
  { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
  { name: 'EMU_DEVICE', value: 'auto' }
  { name: 'EMU_ENGINE', value: isScheduled ? 'scheduler' : 'azure-storage' }
  { name: 'EMU_HEALTH_PORT', value: '8080' }
  { name: 'EMU_MODEL', value: '' }
  { name: 'EMU_MODELS', value: '/app/models' }
  { name: 'EMU_SCHEDULER', value: schedulerEndpoint }
  { name: 'EMU_STAGES', value: join(stages, ',') }
  { name: 'EMU_STORAGE', value: 'https://${storageName}.blob.${environment().suffixes.storage}' }
  { name: 'EMU_TASK_HUB', value: isScheduled ? schedulerHub : 'emu' }
  { name: 'EMU_TIME_BUDGET', value: '20' }
]

var schedulerRules = [
  {
    name: 'activities'
    custom: {
      type: 'azure-durabletask-scheduler'
      identity: identity.id
      metadata: { endpoint: schedulerEndpoint, taskhubName: schedulerHub, workItemType: 'Activity', maxConcurrentWorkItemsCount: '1' }
    }
  }
]

// A queue a stage. Messages that are being worked on count too, so a busy replica is not taken away.
var queueRules = [
  for stage in stages: {
    name: 'queue-${stage}'
    custom: {
      type: 'azure-queue'
      identity: identity.id
      metadata: { accountName: storageName, queueName: 'emu-${stage}', queueLength: '1', queueLengthStrategy: 'all' }
    }
  }
]

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'worker-${name}'
  location: location
  tags: union(tags, { 'azd-service-name': 'worker' })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'gpu'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [{ server: registryServer, identity: identity.id }]
    }
    template: {
      containers: [
        {
          name: 'worker'
          image: empty(image) ? 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest' : image
          env: settings
          // The stand-in, which is there until azd has deployed the worker's image, has no such paths.
          probes: empty(image)
            ? []
            : [
                { type: 'Liveness', httpGet: { path: '/health/live', port: 8080 }, initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 6 }
                { type: 'Readiness', httpGet: { path: '/health/ready', port: 8080 }, initialDelaySeconds: 5, periodSeconds: 15, failureThreshold: 20 }
              ]
          resources: { cpu: json('8'), memory: '56Gi' }
        }
      ]
      scale: {
        minReplicas: 0
        maxReplicas: maximumReplicas
        cooldownPeriod: 300
        pollingInterval: 15
        rules: isScheduled ? schedulerRules : queueRules
      }
      terminationGracePeriodSeconds: 60
    }
  }
}
