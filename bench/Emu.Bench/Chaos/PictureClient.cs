using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace Emu.Bench.Chaos;

/// <summary>A picture that was made.</summary>
/// <param name="JobId">Its job.</param>
/// <param name="Hash">The SHA-256 of its bytes.</param>
internal sealed record MadePicture(string JobId, string Hash);

/// <summary>A client as it should be: it sends an idempotency key, and sends the same request to another server when one does not answer.</summary>
internal sealed class PictureClient(Fleet fleet, Uri webhook) : IDisposable
{
    /// <summary>How many different pictures are asked for.</summary>
    public const int Variants = 8;

    private static readonly string[] Prompts = ["a duck", "a ghost", "a rocket", "a red heart"];

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(4) };
    private int _retries;
    private int _next;

    /// <summary>How many requests were sent again.</summary>
    public int Retries => _retries;

    /// <summary>Makes a picture, however often that must be asked for.</summary>
    public async Task<MadePicture> MakeAsync(string name, int variant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var server = fleet.Servers[(int)((uint)Interlocked.Increment(ref _next) % (uint)fleet.Servers.Count)];
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/v1/images/generations"))
                {
                    Content = JsonContent.Create(new { prompt = Prompts[variant % Prompts.Length], seed = variant, steps = 2, webhook_url = webhook }),
                };
                request.Headers.Add("Idempotency-Key", name);
                using var response = await _client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return await ReadAsync(response, cancellationToken);
                }

                if (response.StatusCode is not (>= HttpStatusCode.InternalServerError or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests))
                {
                    throw new InvalidOperationException($"{name}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The server was killed, or is not up yet.
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(1000, cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task<MadePicture> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var image = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("data")[0];
        return new MadePicture(image.GetProperty("id").GetString()!, Convert.ToHexStringLower(SHA256.HashData(image.GetProperty("b64_json").GetBytesFromBase64())));
    }
}
