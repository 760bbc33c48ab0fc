// The Durable Task Scheduler and its hub.
param name string
param location string
param tags object

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: 'dts-${name}'
  location: location
  tags: tags
  properties: {
    // An empty list would let nobody in. Every caller needs a role all the same.
    ipAllowlist: ['0.0.0.0/0']
    sku: { name: 'Consumption' }
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: 'emu'
}

output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
output hub string = hub.name
