using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Emu.Pipeline.Webhooks;

/// <summary>Makes one attempt at a delivery. Only 2xx is success; a redirect is a failure like any other.</summary>
public sealed class WebhookSender : IDisposable
{
    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Creates a sender.</summary>
    public WebhookSender(WebhookOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time ?? TimeProvider.System;
        _client = new HttpClient(WebhookHttpHandler.Create(options.AllowPrivate, options.Timeout)) { Timeout = options.Timeout };
    }

    /// <summary>Posts a delivery, signed with the given secrets.</summary>
    /// <returns>The outcome; failures of the network are in it, not thrown.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<WebhookResponse> SendAsync(WebhookDelivery delivery, IReadOnlyList<WebhookSecret> secrets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        var now = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("EmuFunctions-Webhooks/1.0");
        // A connection of its own: its address is checked again, and the client repeats no request on a stale connection.
        request.Headers.ConnectionClose = true;
        request.Headers.Add(WebhookSignature.IdHeader, delivery.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(delivery.Id, now, body, secrets));

        var started = Stopwatch.GetTimestamp();
        WebhookResponse Outcome(HttpStatusCode? status, string? error, TimeSpan? retryAfter = null) =>
            new(new WebhookAttempt(now, (int?)status, error, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3)), retryAfter);

        try
        {
            // The response's body is not read, so a receiver cannot send a long one.
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? Outcome(response.StatusCode, null)
                : Outcome(response.StatusCode, $"The receiver answered {(int)response.StatusCode} {response.ReasonPhrase}.", RetryAfter(response, now));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Outcome(null, $"The receiver did not answer within {_client.Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException exception)
        {
            return Outcome(null, exception.InnerException is WebhookAddressRefusedException refused ? refused.Message : exception.Message);
        }
        catch (WebhookAddressRefusedException exception)
        {
            return Outcome(null, exception.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || response.Headers.RetryAfter is not { } header)
        {
            return null;
        }

        var delay = header.Delta ?? header.Date - now;
        return delay > TimeSpan.Zero ? delay : null;
    }
}

/// <summary>The outcome of an attempt.</summary>
/// <param name="Attempt">The attempt, as it is recorded.</param>
/// <param name="RetryAfter">The receiver's <c>Retry-After</c> (429 and 503 only).</param>
public sealed record WebhookResponse(WebhookAttempt Attempt, TimeSpan? RetryAfter);
