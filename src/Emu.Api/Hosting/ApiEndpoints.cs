using Emu.Api.Errors;
using Emu.Api.OpenApi;
using Emu.Api.Routing;
using Emu.Api.Studio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scalar.AspNetCore;

namespace Emu.Api.Hosting;

/// <summary>Maps the route table into a web host.</summary>
public static class ApiEndpoints
{
    /// <summary>The path of the page on which the API can be read and tried.</summary>
    public const string DocumentationPath = "/docs";

    /// <summary>Maps every route, Studio, the documentation page, and error responses for paths and methods that are not mapped.</summary>
    public static void MapEmuApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var dispatcher = app.Services.GetRequiredService<ApiDispatcher>();
        var logger = app.Services.GetRequiredService<ILogger<ApiDispatcher>>();
        app.UseStatusCodePages(page => ExplainAsync(page.HttpContext));
        foreach (var route in app.Services.GetRequiredService<RouteTable>().Routes)
        {
            app.MapMethods(route.Template, route.Methods, context => RespondAsync(dispatcher, route, context, logger)).WithName(route.Name);
        }

        app.MapScalarApiReference(DocumentationPath, options => options.WithTitle("EmuFunctions API").WithOpenApiRoutePattern(OpenApiRoutes.Path));
        app.MapStudio();
    }

    private static async Task RespondAsync(ApiDispatcher dispatcher, ApiRoute route, HttpContext context, ILogger logger)
    {
        try
        {
            var result = await dispatcher.DispatchAsync(route, context, context.RequestAborted);
            await result.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            logger.LogError(exception, "Writing the response of {Route} failed", route.Name);
            context.Response.Clear();
            await new ApiErrorResult(new ApiException(StatusCodes.Status500InternalServerError, "internal_error", "The server had an error while processing the request.")).ExecuteAsync(context);
        }
    }

    private static Task ExplainAsync(HttpContext context)
    {
        ApiDispatcher.Identify(context);
        var (method, path) = (context.Request.Method, Requests.RequestFields.Shorten(context.Request.Path));
        var exception = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiException.NotFound($"Invalid URL ({method} {path})", code: "unknown_url"),
            StatusCodes.Status405MethodNotAllowed => new ApiException(405, "method_not_allowed", $"{method} is not accepted at {path}: use {context.Response.Headers.Allow}."),
            var status => new ApiException(status, "invalid_request", "The request cannot be processed."),
        };
        return new ApiErrorResult(exception).ExecuteAsync(context);
    }
}
