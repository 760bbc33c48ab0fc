using System.Text.Json;
using System.Text.RegularExpressions;
using Emu.Functions.Settings;
using Emu.Functions.Triggers;
using Emu.Infra.Tests.Bicep;
using Emu.Pipeline.Uploads;
using Emu.Worker.Settings;

namespace Emu.Infra.Tests.Deployment;

public sealed partial class SettingsTests
{
    [Fact]
    public void Bicep_OfTheFunctionsApp_SetsWhatIsReadAndNothingElse()
    {
        // The compiler has put most lists into one expression; what is left of them is in variables.
        var module = BicepCompiler.Module("functions");
        var env = BicepCompiler.App("functions").GetProperty("template").GetProperty("containers")[0].GetProperty("env").GetString()!;
        var variables = module.GetProperty("variables").EnumerateObject().Where(variable => env.Contains($"variables('{variable.Name}')", StringComparison.Ordinal))
            .Where(variable => variable.Value.ValueKind == JsonValueKind.String).Select(variable => variable.Value.GetString());
        var set = Created().Matches(env + string.Concat(variables)).Select(match => match.Groups[1].Value);

        Assert.Equal(SettingNames.All.Select(setting => setting.Name).Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SettingReader.SchedulerHost, "isScheduled")]
    [InlineData(SettingReader.SingleHost, "isSingle")]
    public void Bicep_OfOneTopology_SetsItsSettingsThereOnly(SettingReader reader, string condition)
    {
        var bicep = RepositoryFiles.Read("infra/modules/functions.bicep");
        var conditional = Regex.Match(bicep, $@"= {condition}\n  \? \[(.*?)\]\n  : \[\]", RegexOptions.Singleline).Groups[1].Value;

        Assert.Equal(
            SettingNames.All.Where(setting => setting.Reader == reader).Select(setting => setting.Name).Order(StringComparer.Ordinal),
            Regex.Matches(conditional, "name: '([^']+)'").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Bicep_OfTheWorker_SetsWhatIsReadAndNothingElse()
    {
        var env = BicepCompiler.App("worker").GetProperty("template").GetProperty("containers")[0].GetProperty("env");
        var set = env.EnumerateArray().Select(setting => setting.GetProperty("name").GetString()!);

        // The last one is the default Azure credential's.
        Assert.Equal(WorkerSetting.All.Select(setting => setting.Name).Append("AZURE_CLIENT_ID").Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Code_OfTheFunctionsApp_ReadsOnlySettingsInTheTable()
    {
        var read = ReadByCode("Emu.Functions", "Emu.Generation");
        var known = SettingNames.All.Where(setting => setting.Reader == SettingReader.App).Select(setting => setting.Name).ToHashSet();

        Assert.NotEmpty(read);
        Assert.Subset(known, read.ToHashSet());
        Assert.Equal(known.Where(name => name.StartsWith("EMU_", StringComparison.Ordinal)).Order(), read.Order());
    }

    [Fact]
    public void LocalSettings_OfTheExample_AreInTheTable()
    {
        using var json = JsonDocument.Parse(RepositoryFiles.Read("local.settings.json.example"));
        var given = json.RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name).ToHashSet();

        // On a developer's machine the account is a connection string, and the other of a container's two triggers is disabled.
        var triggers = Places.Select(place => $"AzureWebJobs.{place}{UploadFunctions.Events}.Disabled").ToHashSet();
        var known = SettingNames.All.Select(setting => setting.Name).Append("AzureWebJobsStorage").Concat(triggers).ToHashSet();
        Assert.Subset(known, given);
        Assert.Superset(new HashSet<string>(triggers) { "EMU_STORAGE", "EMU_SECRETS_KEY" }, given);
    }

    [Fact]
    public void Triggers_OfUploads_AreOnePerContainerInTheCloudAndInTheEmulator()
    {
        // A host takes '_' for '.' in the names of environment variables.
        var known = SettingNames.All.Select(setting => setting.Name).Where(name => name.EndsWith("_Disabled", StringComparison.Ordinal));
        Assert.Equal(Places.Select(place => $"AzureWebJobs_{place}{UploadFunctions.Polled}_Disabled").Order(), known.Order());

        var exported = Regex.Matches(RepositoryFiles.Read("infra/emulate.sh"), @"(AzureWebJobs_\w+_Disabled)=true").Select(match => match.Groups[1].Value);
        Assert.Equal(Places.Select(place => $"AzureWebJobs_{place}{UploadFunctions.Events}_Disabled").Order(), exported.Order());
    }

    private static IEnumerable<string> Places => [UploadPlaceNames.Videos, UploadPlaceNames.Edits];

    // Literals like "EMU_STORAGE" in a project's code, each once.
    private static List<string> ReadByCode(params string[] projects) =>
        [.. projects.SelectMany(project => Directory.EnumerateFiles(RepositoryFiles.PathOf($"src/{project}"), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Distinct()];

    [GeneratedRegex("\"(EMU_[A-Z_]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"createObject\('name', '([^']+)'")]
    private static partial Regex Created();
}
