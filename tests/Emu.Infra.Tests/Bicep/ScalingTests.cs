using System.Text.RegularExpressions;
using Emu.Hosting;

namespace Emu.Infra.Tests.Bicep;

public sealed partial class ScalingTests
{
    [Fact]
    public void Worker_WithoutWork_HasNoReplica()
    {
        var scale = BicepCompiler.App("worker").GetProperty("template").GetProperty("scale");

        Assert.Equal(0, scale.GetProperty("minReplicas").GetInt32());
        Assert.Equal("[parameters('maximumReplicas')]", scale.GetProperty("maxReplicas").GetString());
    }

    [Fact]
    public void Worker_OnTheScheduler_ScalesByActivities()
    {
        var rule = BicepCompiler.Module("worker").GetProperty("variables").GetProperty("schedulerRules").EnumerateArray().Single().GetProperty("custom");
        var metadata = rule.GetProperty("metadata");

        Assert.Equal("azure-durabletask-scheduler", rule.GetProperty("type").GetString());
        Assert.Equal("Activity", metadata.GetProperty("workItemType").GetString());
        Assert.Equal("1", metadata.GetProperty("maxConcurrentWorkItemsCount").GetString());
        Assert.True(rule.TryGetProperty("identity", out _));
    }

    [Fact]
    public void Worker_OnAzureStorage_ScalesByTheQueuesOfItsStages()
    {
        var module = BicepCompiler.Module("worker").GetRawText();
        var stages = BicepCompiler.Module("worker").GetProperty("variables").GetProperty("stages").EnumerateArray().Select(stage => stage.GetString()!);

        Assert.Equal(StageSelection.Models, stages);
        Assert.Contains("azure-queue", module, StringComparison.Ordinal);
        Assert.Matches(QueueName(), module);
    }

    [Fact]
    public void Functions_WithTimers_AlwaysHasAReplica()
    {
        var scale = BicepCompiler.App("functions").GetProperty("template").GetProperty("scale");

        Assert.Equal("[if(variables('isSingle'), parameters('maximumReplicas'), 1)]", scale.GetProperty("minReplicas").GetString());
    }

    [GeneratedRegex(@"emu-\{0\}")]
    private static partial Regex QueueName();
}
