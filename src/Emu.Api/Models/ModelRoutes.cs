using Emu.Api.Errors;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Models;

/// <summary>The routes under <c>/v1/models</c>: what each model can do, as the hosts that run it published it.</summary>
public sealed class ModelRoutes(JobService jobs) : IRouteGroup
{
    private const string Tag = "Models";

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("models.list", "GET", "/v1/models", ListAsync, new(Tag, "List models and what they can do", new ApiResponse(200, "Every model.", typeof(ModelListResource)))),
        new("models.retrieve", "GET", "/v1/models/{id}", RetrieveAsync, new(Tag, "Get a model", new ApiResponse(200, "The model.", typeof(ModelResource))) { Errors = [404] }),
    ];

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(new ModelListResource("list", [.. (await jobs.Models.ListAsync(cancellationToken)).Select(ModelResource.Of)]), ApiJson.Options);

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var name = context.Request.RouteValues["id"] as string ?? "";
        var model = await jobs.Models.FindAsync(name, cancellationToken)
            ?? throw ApiException.NotFound($"The model '{RequestFields.Shorten(name)}' does not exist.", "model", "model_not_found");
        return Results.Json(ModelResource.Of(model), ApiJson.Options);
    }
}
