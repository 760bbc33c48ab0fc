using System.Security.Cryptography;
using System.Text;
using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Emu.Api.Images;

/// <summary>The routes under <c>/v1/images</c>.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="answers">What the routes of every kind of job share.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="limits">How much may be asked for.</param>
/// <param name="lifetime">Ends waiting answers when the server stops.</param>
public sealed class ImageRoutes(JobService jobs, JobAnswers answers, RequestReader reader, ApiLimits limits, IHostApplicationLifetime lifetime) : IRouteGroup
{
    private const string Tag = "Images";

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("images.generate", "POST", "/v1/images/generations", GenerateAsync, new(Tag, "Make pictures from a sentence; answers when they are done", new ApiAnswer(200, "The pictures.", typeof(ImagesResource)))
        {
            Body = ImageSchemas.Generate,
            Multipart = true,
            Parameters = [JobParameters.IdempotencyKey],
            Errors = [400, 409, 413, 415, 422, 500, 503, 504],
        }),
        new("images.retrieve", "GET", "/v1/images/{id}", RetrieveAsync, new(Tag, "Look at a picture's job", new ApiAnswer(200, "The job as it is now.", typeof(ImageResource))) { Errors = [404] }),
        new("images.delete", "DELETE", "/v1/images/{id}", DeleteAsync, new(Tag, "Delete a picture, whether it is done or not", new ApiAnswer(200, "It is gone.", typeof(DeletedResource))) { Errors = [404] }),
        new("images.content", "GET", "/v1/images/{id}/content", ContentAsync, new(Tag, "Download a picture", new ApiAnswer(200, "The file.", null, "application/octet-stream"))
        {
            Parameters = [JobParameters.Variant("image")],
            Errors = [404, 409],
        })
        {
            Access = ApiAccess.KeyOrSignedLink,
        },
    ];

    private async Task<IResult> GenerateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var fields = await reader.ReadAsync(context, ImageSchemas.Generate, ApiRoute.SmallBodyBytes, cancellationToken);
        var count = (int)(fields.WholeNumber("n", 1, ImageSchemas.MaximumCount) ?? 1);
        var asLinks = fields.Word("response_format", "b64_json", "url") == "url";
        var transparent = fields.Word("background", "auto", "opaque", "transparent") == "transparent";
        fields.Word("quality", "auto", "standard");
        fields.Text("user");
        var draft = DraftReader.Read(fields, JobKind.Image);
        draft = draft with { Transparent = draft.Transparent || transparent, Formats = fields.Text("output_format") is { } format ? [format] : [] };
        var started = await StartAsync(Caller.Of(context).Owner, draft, count, IdempotencyKey.Read(context.Request), cancellationToken);
        return await AnswerAsync(context, started, asLinks, cancellationToken);
    }

    private async Task<IReadOnlyList<JobSnapshot>> StartAsync(string owner, JobDraft draft, int count, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var started = new List<JobSnapshot>();
        try
        {
            for (var index = 0; index < count; index++)
            {
                // The pictures after the first follow its seed, whoever chose it, and have claims of their own.
                var seeded = index == 0 ? draft : draft with { Seed = (started[0].Record.Request.Seed + index) & JobFields.MaximumSeed };
                var key = idempotencyKey is null || index == 0 ? idempotencyKey : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{index} {idempotencyKey}")));
                var options = new CreateOptions { IdempotencyKey = key, MaximumInFlight = limits.JobsInFlight };
                started.Add((await jobs.CreateAsync(owner, seeded, null, options, cancellationToken)).Job);
            }
        }
        catch (Exception) when (idempotencyKey is null)
        {
            await CancelAsync(started);
            throw;
        }

        return started;
    }

    private async Task<IResult> AnswerAsync(HttpContext context, IReadOnlyList<JobSnapshot> started, bool asLinks, CancellationToken cancellationToken)
    {
        JobSnapshot[] ended;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            ended = await Task.WhenAll(started.Select(job => jobs.WaitForEndAsync(job.Record.Owner, job.Record.Id, limits.MaximumWait, either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unfinished(StatusCodes.Status503ServiceUnavailable, "server_stopping", "The server stops before the picture is done.", started[0]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && IdempotencyKey.Read(context.Request) is null)
        {
            // The client went, and without an idempotency key it can never get the answer.
            await CancelAsync(started);
            throw;
        }

        if (ended.FirstOrDefault(job => job.Record.State == JobState.Failed) is { Record.Error: { } error } failed)
        {
            throw new ApiException(error.Code == "cancelled" ? 409 : 500, error.Code, error.Message) { ShouldRetry = false, Location = $"/v1/images/{failed.Record.Id}" };
        }

        if (ended.FirstOrDefault(job => job.Record.State != JobState.Completed) is { } unfinished)
        {
            throw Unfinished(StatusCodes.Status504GatewayTimeout, "not_done_in_time", $"The picture was not done within {limits.MaximumWait.TotalSeconds:0} seconds.", unfinished);
        }

        var images = new List<GeneratedImage>();
        foreach (var job in ended)
        {
            images.Add(asLinks
                ? new GeneratedImage(null, (await answers.LinkAsync(context, job, null, null, cancellationToken)).Url, job.Record.Id, job.Record.Request.Seed)
                : new GeneratedImage(Convert.ToBase64String(await answers.ReadMainAsync(job, cancellationToken)), null, job.Record.Id, job.Record.Request.Seed));
        }

        var (record, request) = (ended[0].Record, ended[0].Record.Request);
        return Results.Json(new ImagesResource(record.CreatedAt.ToUnixTimeSeconds(), images, request.Transparent ? "transparent" : "opaque", request.Formats[0], request.Size.ToString()), ApiJson.Options);
    }

    private static ApiException Unfinished(int status, string code, string message, JobSnapshot job) =>
        new(status, code, $"{message} The work goes on: look at /v1/images/{job.Record.Id}.") { ShouldRetry = false, Location = $"/v1/images/{job.Record.Id}" };

    private async Task<IResult> RetrieveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Results.Json(ImageResource.Of(await answers.FindAsync(context, JobKind.Image, cancellationToken)), ApiJson.Options);

    private Task<IResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken) =>
        answers.DeleteAsync(context, JobKind.Image, "image.deleted", cancellationToken);

    private Task<IResult> ContentAsync(HttpContext context, CancellationToken cancellationToken) =>
        answers.ContentAsync(context, JobKind.Image, cancellationToken);

    private async Task CancelAsync(IReadOnlyList<JobSnapshot> started)
    {
        foreach (var job in started)
        {
            await jobs.CancelAsync(job.Record.Owner, job.Record.Id, CancellationToken.None);
        }
    }
}
