using System.Text.Json;

namespace Emu.Infra.Tests.Bicep;

public sealed class ResourceTests
{
    [Fact]
    public void StorageAccount_Always_AcceptsIdentitiesOnly()
    {
        var properties = Assert.Single(BicepCompiler.Resources("storage", "Microsoft.Storage/storageAccounts")).GetProperty("properties");

        Assert.False(properties.GetProperty("allowSharedKeyAccess").GetBoolean());
        Assert.False(properties.GetProperty("allowBlobPublicAccess").GetBoolean());
        Assert.Equal("TLS1_2", properties.GetProperty("minimumTlsVersion").GetString());
    }

    [Fact]
    public void Lifecycle_OfArtifacts_RemovesOnlyWhatRetentionHadTimeFor()
    {
        var policy = Assert.Single(BicepCompiler.Resources("storage", "Microsoft.Storage/storageAccounts/managementPolicies")).GetProperty("properties").GetProperty("policy");
        var rule = policy.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == "remove-old-artifacts").GetProperty("definition");
        var days = BicepCompiler.Module("storage").GetProperty("parameters").GetProperty("artifactDays");

        // Not edits': a session keeps its versions as long as it is continued.
        Assert.Equal(["emu/jobs/image_", "emu/jobs/video_"], rule.GetProperty("filters").GetProperty("prefixMatch").EnumerateArray().Select(prefix => prefix.GetString()!));
        Assert.InRange(days.GetProperty("defaultValue").GetInt32(), 9, 30);
        Assert.True(days.GetProperty("minValue").GetInt32() > 8, "a job is kept for 7 days, its tombstone for one more");
    }

    [Fact]
    public void Telemetry_And_Registry_HaveNoKeys()
    {
        Assert.True(Assert.Single(BicepCompiler.Resources("monitoring", "Microsoft.Insights/components")).GetProperty("properties").GetProperty("DisableLocalAuth").GetBoolean());
        Assert.False(Assert.Single(BicepCompiler.Resources("registry", "Microsoft.ContainerRegistry/registries")).GetProperty("properties").GetProperty("adminUserEnabled").GetBoolean());
    }

    [Fact]
    public void Secrets_OfTheApps_ComeFromKeyVault()
    {
        var secrets = BicepCompiler.App("functions").GetProperty("configuration").GetProperty("secrets").EnumerateArray().ToList();

        Assert.Equal(["api-key", "secrets-key"], secrets.Select(secret => secret.GetProperty("name").GetString()!));
        Assert.All(secrets, secret => Assert.Contains("vaultUri", secret.GetProperty("keyVaultUrl").GetString(), StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.False(secret.TryGetProperty("value", out _)));
        Assert.False(BicepCompiler.App("worker").GetProperty("configuration").TryGetProperty("secrets", out _));
    }

    [Theory]
    [InlineData("T4", "Consumption-GPU-NC8as-T4")]
    [InlineData("A100", "Consumption-GPU-NC24-A100")]
    public void GpuProfile_OfTheParameter_IsAServerlessOne(string gpu, string profile)
    {
        var variables = BicepCompiler.Module("environment").GetProperty("variables").GetProperty("gpuProfiles");
        var profiles = Assert.Single(BicepCompiler.Resources("environment", "Microsoft.App/managedEnvironments")).GetProperty("properties").GetProperty("workloadProfiles").EnumerateArray();

        Assert.Equal(profile, variables.GetProperty(gpu).GetString());
        Assert.Equal("[variables('gpuProfiles')[parameters('gpu')]]", profiles.Single(entry => entry.GetProperty("name").GetString() == "gpu").GetProperty("workloadProfileType").GetString());
    }

    [Fact]
    public void Scheduler_Always_HasAHubAndLetsRolesDecide()
    {
        var scheduler = Assert.Single(BicepCompiler.Resources("scheduler", "Microsoft.DurableTask/schedulers")).GetProperty("properties");

        // An empty list would let nobody in.
        Assert.Equal(["0.0.0.0/0"], scheduler.GetProperty("ipAllowlist").EnumerateArray().Select(range => range.GetString()!));
        Assert.Single(BicepCompiler.Resources("scheduler", "Microsoft.DurableTask/schedulers/taskHubs"));
    }

    [Fact]
    public void Budget_Notifications_TellAboutSpendingAndForecast()
    {
        var notifications = Assert.Single(BicepCompiler.Resources("budget", "Microsoft.Consumption/budgets")).GetProperty("properties").GetProperty("notifications").GetString()!;

        Assert.Contains("Forecasted", notifications, StringComparison.Ordinal);
        Assert.Equal([50, 80, 100], BicepCompiler.Module("budget").GetProperty("variables").GetProperty("percentages").EnumerateArray().Select(value => value.GetInt32()));
    }

    [Fact]
    public void Roles_OfTheWorker_AreFewerThanThoseOfTheApp()
    {
        var variables = BicepCompiler.Module("roles").GetProperty("variables");
        var roles = BicepCompiler.Resources("roles", "Microsoft.Authorization/roleAssignments");

        // No identity owns more than data: none of Owner, Contributor or User Access Administrator.
        var given = variables.GetProperty("role").EnumerateObject().Select(role => role.Value.GetString()!).ToList();
        Assert.DoesNotContain("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", given);
        Assert.DoesNotContain("b24988ac-6180-42a0-ab88-20f7382dd24c", given);
        Assert.DoesNotContain("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", given);
        Assert.Contains(roles, role => IsOf(role, "worker") && ScopeOf(role).Contains("workerContainers", StringComparison.Ordinal));
        Assert.DoesNotContain(roles, role => IsOf(role, "worker") && (ScopeOf(role).Contains("Microsoft.Insights", StringComparison.Ordinal) || ScopeOf(role).Contains("Microsoft.KeyVault", StringComparison.Ordinal)));
    }

    private static bool IsOf(JsonElement role, string app) =>
        role.GetProperty("properties").GetProperty("principalId").GetString()!.Contains($"{app}PrincipalId", StringComparison.Ordinal);

    private static string ScopeOf(JsonElement role) => role.GetProperty("scope").GetString()!;
}
