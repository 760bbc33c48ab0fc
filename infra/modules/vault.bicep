// The secrets that the apps read through their identities.
param name string
param location string
param tags object

@secure()
param secretsKey string

@secure()
param apiKey string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: 'kv-${name}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    // Without purge protection: with it 'azd down --purge' leaves the vault, and the next 'azd up' meets its name.
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
  }
}

resource secretsKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'secrets-key'
  properties: { value: secretsKey }
}

resource apiKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'api-key'
  properties: { value: apiKey }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
