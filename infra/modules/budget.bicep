// An e-mail at 50, 80 and 100 percent of the month's budget, and when the forecast passes it.
param name string
param amount int
param contact string
param start string

var percentages = [50, 80, 100]
var spent = toObject(percentages, percentage => 'spent${percentage}', percentage => {
  enabled: true
  operator: 'GreaterThanOrEqualTo'
  threshold: percentage
  thresholdType: 'Actual'
  contactEmails: [contact]
})

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'budget-${name}'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: start }
    notifications: union(spent, {
      forecast100: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [contact]
      }
    })
  }
}
