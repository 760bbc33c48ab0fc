using System.Text.Json;
using Emu.Api.Routing;
using Emu.Durable.Abstractions;
using Emu.Functions.Durable;
using Emu.Functions.Http;
using Emu.Functions.Tests.Host;
using Emu.Functions.Triggers;
using Emu.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Functions.Tests.Metadata;

public sealed class FunctionsMetadataTests
{
    [Fact]
    public void HttpFunctions_AndTheRouteTable_AreTheSame()
    {
        using var api = new RoutesOnly();
        var routes = api.Services.GetRequiredService<RouteTable>().Routes
            .Select(route => (Name: route.Name.Replace('.', '_'), Template: route.Template.TrimStart('/'), Methods: Join(route.Methods)));

        var functions = FunctionsMetadata.With("httpTrigger").Where(function => function.Name != ServiceFunctions.Fallback)
            .Select(function => (function.Name, Template: function.Text("route")!, Methods: Join(function.Methods)));

        Assert.Equal(routes.Order(), functions.Order());
    }

    [Fact]
    public void Fallback_Always_TakesEveryPathAndMethod()
    {
        var function = Assert.Single(FunctionsMetadata.All, function => function.Name == ServiceFunctions.Fallback);

        Assert.Equal("{*path}", function.Text("route"));
        Assert.Empty(function.Methods);

        // The host tries routes in the order of their functions' names.
        Assert.Equal(function.Name, FunctionsMetadata.With("httpTrigger").Select(http => http.Name).Max(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void HttpFunctions_Always_LeaveAuthenticationToTheApi() =>
        Assert.All(FunctionsMetadata.With("httpTrigger"), function => Assert.Equal("Anonymous", function.Text("authLevel")));

    [Fact]
    public void Orchestrations_OfThePipeline_AreFunctions()
    {
        using var api = new RoutesOnly();

        Assert.Equal(
            api.Services.GetServices<IOrchestration>().Select(orchestration => orchestration.Name).Order(StringComparer.Ordinal),
            FunctionsMetadata.With("orchestrationTrigger").Select(function => function.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Activities_OfThePipeline_AreFunctions()
    {
        using var api = new RoutesOnly();
        var activities = api.Services.GetServices<ActivityRegistration>().Select(registration => registration.Activity.Name).Concat(StageSelection.Models);

        Assert.Equal(activities.Select(FunctionNames.OfActivity).Order(), FunctionsMetadata.With("activityTrigger").Select(function => function.Name).Order());
    }

    [Fact]
    public void Names_OfFunctions_AreAllowedAndDistinct()
    {
        Assert.All(FunctionsMetadata.All, function => Assert.Matches("^[a-z][a-z0-9_]{0,126}$", function.Name));
        Assert.Distinct(FunctionsMetadata.All.Select(function => function.Name));
    }

    [Theory]
    [InlineData("uploads")]
    [InlineData("edits")]
    public void UploadTriggers_OnePolledOneTold_WatchAContainerOfTheHostsAccount(string container)
    {
        var triggers = FunctionsMetadata.With("blobTrigger").Where(function => function.Text("path") == container + "/{name}").ToDictionary(function => function.Name);

        Assert.Equal([container + UploadFunctions.Events, container + UploadFunctions.Polled], triggers.Keys.Order());
        Assert.Equal("EventGrid", triggers[container + UploadFunctions.Events].Text("source"));
        Assert.NotEqual("EventGrid", triggers[container + UploadFunctions.Polled].Text("source"));

        // No connection named: AzureWebJobsStorage.
        Assert.All(triggers.Values, function => Assert.Null(function.Text("connection")));
    }

    [Fact]
    public void UploadTriggers_OfAllContainers_AreTwoEach() => Assert.Equal(4, FunctionsMetadata.With("blobTrigger").Count());

    [Fact]
    public void Timers_OfUpkeep_HaveTheirSchedules() => Assert.Equal(
        [("retention", "0 10 * * * *"), ("sweep", "*/30 * * * * *"), ("uploads_sweep", "0 * * * * *")],
        FunctionsMetadata.With("timerTrigger").Select(function => (function.Name, function.Text("schedule")!)).Order());

    [Fact]
    public void Functions_ThatStartOrAskOrchestrations_GetAClient() =>
        Assert.All(FunctionsMetadata.All.Where(function => function.Trigger != "orchestrationTrigger"), function => Assert.True(function.HasClient, function.Name));

    [Fact]
    public void HostJson_OfTheBuild_HasNoRoutePrefixItsOwnHubAndTakesEveryVersion()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(FunctionsMetadata.Folder, "host.json")));
        var extensions = json.RootElement.GetProperty("extensions");

        Assert.Equal(string.Empty, extensions.GetProperty("http").GetProperty("routePrefix").GetString());

        // Another program's hub could not be told from the project's own engine's, whose containers begin with 'emu-'.
        Assert.Equal("emufunctions", extensions.GetProperty("durableTask").GetProperty("hubName").GetString());

        // The pipeline's orchestrations have versions of their own. By its default the host takes none that has one.
        Assert.Equal("None", extensions.GetProperty("durableTask").GetProperty("versionMatchStrategy").GetString());
    }

    private static string Join(IEnumerable<string> methods) => string.Join(' ', methods.Select(method => method.ToUpperInvariant()).Order());
}
