using Emu.Api.Errors;
using Emu.Api.OpenApi;
using Emu.Api.Routing;
using Emu.Api.Studio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Scalar.AspNetCore;

namespace Emu.Api.Hosting;

/// <summary>Maps the route table into a web host.</summary>
public static class ApiEndpoints
{
    /// <summary>The path of the page on which the API can be read and tried.</summary>
    public const string DocumentationPath = "/docs";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps every route, Studio, the documentation page, and responses for paths and methods that are not mapped; before them, what the
    /// host's <see cref="PublicAccess"/> says about proxies and pages of other sites.
    /// </summary>
    public static void MapEmuApi(this WebApplication app) => MapEmuApi<WebApplication>(app);

    /// <summary>
    /// The whole API as one delegate, for hosts that have a web server of their own: it answers every path and method as a server of
    /// <see cref="MapEmuApi(WebApplication)"/> does. Whatever endpoint the host has chosen for a request is forgotten.
    /// </summary>
    /// <param name="services">The host's services.</param>
    public static RequestDelegate BuildEmuApi(IServiceProvider services)
    {
        var builder = new PipelineBuilder(services);
        MapEmuApi(builder);
        return builder.Build();
    }

    private static void MapEmuApi<TApp>(TApp app)
        where TApp : IApplicationBuilder, IEndpointRouteBuilder
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        var dispatcher = services.GetRequiredService<ApiDispatcher>();
        var logger = services.GetRequiredService<ILogger<ApiDispatcher>>();
        var table = services.GetRequiredService<RouteTable>();
        var access = services.GetRequiredService<PublicAccess>();
        UseAddress(app, access);
        app.Use(RequestMiddleware.IgnoreOtherRanges);
        app.UseStatusCodePages(page => RespondToUnmappedAsync(page.HttpContext, table));

        // After the path was changed.
        app.UseRouting();
        if (access.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }

        foreach (var route in table.Routes)
        {
            app.MapMethods(route.Template, route.Methods, context => RespondAsync(dispatcher, route, context, logger)).WithName(route.Name);
        }

        app.MapScalarApiReference(DocumentationPath, options => options.WithTitle("EmuFunctions API").WithOpenApiRoutePattern(OpenApiRoutes.Path)).Add(AcceptHead);
        app.MapStudio();
    }

    private static void UseAddress(IApplicationBuilder app, PublicAccess access)
    {
        if (access.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders(access.ToForwardedHeaders());
        }

        if (access.PublicPath.HasValue)
        {
            app.Use(RequestMiddleware.MoveToPathBase(access.PublicPath));
        }
    }

    // A server that accepts GET accepts HEAD (RFC 9110, 9.1); pages mapped by libraries do not.
    private static void AcceptHead(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
        {
            endpoint.Metadata.Add(new HttpMethodMetadata(Reading));
        }
    }

    private static async Task RespondAsync(ApiDispatcher dispatcher, ApiRoute route, HttpContext context, ILogger logger)
    {
        try
        {
            var result = await dispatcher.DispatchAsync(route, context, context.RequestAborted);
            await result.ExecuteAsync(context);
        }
        catch (Exception exception) when (ApiDispatcher.ClientLeft(exception, context))
        {
            // Otherwise the server would wait for the rest of the body, and complain that it cannot be read.
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            logger.LogError(exception, "Writing the response of {Route} failed", route.Name);
            context.Response.Clear();
            await new ApiErrorResult(new ApiException(StatusCodes.Status500InternalServerError, "internal_error", "The server had an error while processing the request.")).ExecuteAsync(context);
        }
    }

    private static Task RespondToUnmappedAsync(HttpContext context, RouteTable table)
    {
        ApiDispatcher.Identify(context);
        var (request, response) = (context.Request, context.Response);
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && table.MethodsAt(request.Path) is { } mapped)
        {
            // The router knows templates, the table also what can be an id.
            response.StatusCode = mapped.Count > 0 ? response.StatusCode : StatusCodes.Status404NotFound;
            response.Headers.Allow = mapped.Count > 0 ? string.Join(", ", mapped) : StringValues.Empty;
        }

        if (HttpMethods.IsOptions(request.Method) && MethodsOf(context, table) is { } methods)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.Allow = methods;
            return Task.CompletedTask;
        }

        var (method, path) = (request.Method, Requests.RequestFields.Shorten(request.PathBase + request.Path));
        var exception = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiException.NotFound($"Invalid URL ({method} {path})", code: "unknown_url"),
            StatusCodes.Status405MethodNotAllowed => new ApiException(405, "method_not_allowed", $"{method} is not accepted at {path}: use {response.Headers.Allow}."),
            var status => new ApiException(status, "invalid_request", "The request cannot be processed."),
        };
        return new ApiErrorResult(exception).ExecuteAsync(context);
    }

    // What OPTIONS is answered: the methods of a path, or of the whole server for '*'; null if there is no such path.
    private static string? MethodsOf(HttpContext context, RouteTable table) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget == "*" ? string.Join(", ", table.Methods)
        : context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed ? $"{context.Response.Headers.Allow}, {HttpMethods.Options}"
        : null;
}
