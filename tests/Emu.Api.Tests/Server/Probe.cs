using Emu.Api.Authentication;
using Emu.Api.OpenApi;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Tests.Server;

/// <summary>Routes that show which request reached a handler.</summary>
public static class Probe
{
    /// <summary>Responds with the caller's owner.</summary>
    public static ApiRoute Owner(string method = "GET", string template = "/v1/probe", ApiAccess access = ApiAccess.Key) =>
        Route(method, template, (context, _) => Task.FromResult(Results.Text(context.Features.Get<Caller>()?.Owner ?? "no caller")), access);

    public static ApiRoute Route(string method, string template, ApiHandler handler, ApiAccess access = ApiAccess.Key) =>
        new($"probe {method} {template}", method, template, handler, new ApiOperation("Probe", "For tests", new ApiResponse(200, "Yes.", null, "text/plain"))) { Access = access };
}
