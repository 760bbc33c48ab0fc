// One identity for each app, so that each gets only the roles that it needs.
param name string
param location string
param tags object

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-functions-${name}'
  location: location
  tags: tags
}

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-worker-${name}'
  location: location
  tags: tags
}

output functionsName string = functions.name
output functionsPrincipalId string = functions.properties.principalId
output workerName string = worker.name
output workerPrincipalId string = worker.properties.principalId
