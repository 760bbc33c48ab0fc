using System.Diagnostics;
using Emu.Functions.Triggers;
using Emu.Pipeline.Uploads;

namespace Emu.Infra.Tests.Deployment;

/// <summary>Runs the postdeploy hook as azd does, with a program in the Azure CLI's place that writes down what it was called with.</summary>
public sealed class HookTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emu-hook-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Postdeploy_WithTheHostsKey_SubscribesTheTriggerOfEachContainerToItsBlobs()
    {
        var calls = await RunAsync("postdeploy.sh");

        var subscriptions = calls.Where(call => call.Contains("event-subscription create", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, subscriptions.Count);
        Assert.All(new[] { UploadPlaceNames.Videos, UploadPlaceNames.Edits }, container => Assert.Contains(subscriptions, call =>
            call.Contains($"--name {container} ", StringComparison.Ordinal)
            && call.Contains("--subscription the-subscription ", StringComparison.Ordinal)
            && call.Contains($"--endpoint https://emu.example/runtime/webhooks/blobs?functionName=Host.Functions.{container}{UploadFunctions.Events}&code=the-key ", StringComparison.Ordinal)
            && call.Contains($"--subject-begins-with /blobServices/default/containers/{container}/blobs/ ", StringComparison.Ordinal)));
    }

    private async Task<string[]> RunAsync(string hook)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the hooks are shell scripts");
        var log = Path.Combine(_folder.FullName, "calls");
        var az = Path.Combine(_folder.FullName, "az");
        await File.WriteAllTextAsync(az, $"#!/bin/sh\necho \"$* \" >>'{log}'\ncase \"$*\" in *'keys show'*) echo the-key ;; esac\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(RepositoryFiles.PathOf($"infra/hooks/{hook}")) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in new[] { ("AZURE_RESOURCE_GROUP", "group"), ("AZURE_SUBSCRIPTION_ID", "the-subscription"), ("EMU_FUNCTIONS_APP", "app"), ("EMU_UPLOAD_TOPIC", "topic"), ("EMU_URL", "https://emu.example") })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
    }
}
