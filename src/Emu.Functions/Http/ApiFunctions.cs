using Emu.Api.Hosting;
using Emu.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Http;

/// <summary>Answers the requests of every HTTP-triggered function as the local server does: by the same pipeline, which routes them itself.</summary>
public sealed class ApiFunctions
{
    private readonly RequestDelegate _api;
    private readonly FunctionsClient _client;

    /// <summary>Builds the pipeline.</summary>
    public ApiFunctions(IServiceProvider services, FunctionsClient client)
    {
        _api = ApiEndpoints.BuildEmuApi(services);
        _client = client;
    }

    /// <summary>Answers a request.</summary>
    /// <returns>A result that writes nothing: the response is written already.</returns>
    public async Task<IResult> AnswerAsync(HttpRequest request, DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        _client.Use(client);
        await _api(request.HttpContext);
        return Results.Empty;
    }
}
