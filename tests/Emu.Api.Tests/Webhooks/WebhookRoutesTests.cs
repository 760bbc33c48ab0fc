using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Emu.Api.Tests.Server;
using Emu.Pipeline.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Emu.Api.Tests.Webhooks;

public sealed class WebhookRoutesTests(PipelineServer server) : IClassFixture<PipelineServer>, IAsyncLifetime
{
    private const string Endpoints = "/v1/webhook_endpoints";

    private readonly Channel<(IHeaderDictionary Headers, string Body)> _received = Channel.CreateUnbounded<(IHeaderDictionary, string)>();
    private WebApplication _receiver = null!;
    private string _url = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/{path}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            _received.Writer.TryWrite((new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
            return Results.StatusCode(context.Request.Path == "/gone" ? 410 : 204);
        });
        await _receiver.StartAsync(Token);
        _url = _receiver.Urls.First();
    }

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Create_ThenAVideoEnds_PostsASignedEventAndListsTheDelivery()
    {
        var response = await server.Client.PostAsJsonAsync(Endpoints, new { url = _url + "/hook", events = new[] { "video.completed" }, description = "shop" }, Token);
        var endpoint = await response.JsonAsync(HttpStatusCode.Created);
        var id = endpoint.GetProperty("id").GetString()!;
        Assert.Equal($"{Endpoints}/{id}", response.Headers.Location?.ToString());

        var video = await server.CompletedAsync(new { prompt = "a fox", size = "32x32", seconds = 2, metadata = new { order = "7" } });
        var (headers, body) = await ReceiveAsync(video);

        var data = JsonElement.Parse(body);
        Assert.Equal("video.completed", data.GetProperty("type").GetString());
        Assert.Equal("7", data.GetProperty("data").GetProperty("metadata").GetProperty("order").GetString());
        AssertSigned(headers, body, endpoint.GetProperty("secret").GetString()!);
        var delivery = await DeliveredAsync(id);
        Assert.Equal(video, delivery.GetProperty("job_id").GetString());

        var replayed = await server.Client.PostAsync($"{Endpoints}/{id}/deliveries/{delivery.GetProperty("id").GetString()}/replay", null, Token);
        await replayed.JsonAsync(HttpStatusCode.Accepted);
        var again = await ReceiveAsync(video);
        Assert.Equal(headers["webhook-id"], again.Headers["webhook-id"]);
        Assert.Equal(body, again.Body);
        await server.Client.PostAsync($"{Endpoints}/{id}/deactivate", null, Token);
    }

    [Fact]
    public async Task Create_AJobWithItsOwnAddress_IsSignedWithTheDefaultSecret()
    {
        var secret = (await (await server.Client.GetAsync("/v1/webhook_secret", Token)).JsonAsync()).GetProperty("secret").GetString()!;

        var video = (await server.CreateAsync(new { prompt = "a broken fox", size = "32x32", seconds = 2, webhook_url = _url + "/own" })).GetProperty("id").GetString()!;
        var (headers, body) = await ReceiveAsync(video);

        Assert.Equal("video.failed", JsonElement.Parse(body).GetProperty("type").GetString());
        AssertSigned(headers, body, secret);
    }

    [Fact]
    public async Task Body_OfAnEvent_HasTheFieldsOfOpenAIAndOfStandardWebhooks()
    {
        var first = (await CreateAsync("/first")).GetProperty("id").GetString();
        var second = (await CreateAsync("/second")).GetProperty("id").GetString();
        var image = await server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a fox", style = "vivid" }, Token).JsonAsync();
        var job = image.GetProperty("data")[0].GetProperty("id").GetString()!;

        var (headers, body) = await ReceiveAsync(job);
        var other = await ReceiveAsync(job);

        var sent = JsonElement.Parse(body);
        Assert.Equal(["object", "id", "created_at", "type", "timestamp", "data"], sent.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("event", "image.completed"), (sent.GetProperty("object").GetString(), sent.GetProperty("type").GetString()));
        Assert.Matches("^evt_[0-9a-f]{36}$", sent.GetProperty("id").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", sent.GetProperty("timestamp").GetString());
        Assert.Equal(sent.GetProperty("timestamp").GetDateTimeOffset().ToUnixTimeSeconds(), sent.GetProperty("created_at").GetInt64());
        Assert.Equal(sent.GetProperty("data").GetProperty("completed_at").GetInt64(), sent.GetProperty("created_at").GetInt64());
        Assert.Contains("style", Assert.Single(sent.GetProperty("data").GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);

        // One event, two messages.
        Assert.Equal(body, other.Body);
        Assert.NotEqual(headers["webhook-id"], other.Headers["webhook-id"]);
        await server.Client.PostAsync($"{Endpoints}/{first}/deactivate", null, Token);
        await server.Client.PostAsync($"{Endpoints}/{second}/deactivate", null, Token);
    }

    [Fact]
    public async Task Rotate_AnEndpoint_ShowsANewSecretOnceAndOtherRoutesNone()
    {
        var endpoint = await CreateAsync("/rotated");
        var id = endpoint.GetProperty("id").GetString();

        var rotated = await (await server.Client.PostAsync($"{Endpoints}/{id}/rotate_secret", null, Token)).JsonAsync();
        var shown = await (await server.Client.GetAsync($"{Endpoints}/{id}", Token)).JsonAsync();
        var listed = await (await server.Client.GetAsync(Endpoints, Token)).JsonAsync();

        Assert.NotEqual(endpoint.GetProperty("secret").GetString(), rotated.GetProperty("secret").GetString());
        Assert.Equal(JsonValueKind.Null, Secret(shown));
        Assert.All(listed.GetProperty("data").EnumerateArray(), item => Assert.Equal(JsonValueKind.Null, Secret(item)));
        Assert.Contains(listed.GetProperty("data").EnumerateArray(), item => item.GetProperty("id").GetString() == id);
        await server.Client.PostAsync($"{Endpoints}/{id}/deactivate", null, Token);
    }

    [Fact]
    public async Task Deactivate_AndActivate_ChangeTheStatus()
    {
        var id = (await CreateAsync("/switched")).GetProperty("id").GetString();

        Assert.Equal("active", await StatusAsync("activate"));
        Assert.Equal("disabled", await StatusAsync("deactivate"));

        async Task<string?> StatusAsync(string verb) => (await (await server.Client.PostAsync($"{Endpoints}/{id}/{verb}", null, Token)).JsonAsync()).GetProperty("status").GetString();
    }

    [Theory]
    [InlineData("""{}""", "url", "missing_required_parameter")]
    [InlineData("""{"url":"not an address"}""", "url", "invalid_value")]
    [InlineData("""{"url":"ftp://example.com"}""", "url", "invalid_value")]
    [InlineData("""{"url":7}""", "url", "invalid_type")]
    [InlineData("""{"url":"https://example.com","events":["video.started"]}""", "events", "invalid_value")]
    [InlineData("""{"url":"https://example.com","events":[]}""", "events", "invalid_value")]
    [InlineData("""{"url":"https://example.com","secret":"whsec_mine"}""", "secret", "unknown_parameter")]
    public async Task Create_WrongField_NamesIt(string json, string param, string code)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");

        var error = await (await server.Client.PostAsync(Endpoints, body, Token)).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal((param, code), (error.Param, error.Code));
    }

    [Theory]
    [InlineData("GET", "/v1/webhook_endpoints/we_none")]
    [InlineData("PUT", "/v1/webhook_endpoints/search")]
    [InlineData("POST", "/v1/webhook_endpoints/we_none/rotate_secret")]
    [InlineData("GET", "/v1/webhook_endpoints/we_none/deliveries")]
    [InlineData("POST", "/v1/webhook_endpoints/default/deliveries/msg_none/replay")]
    [InlineData("GET", "/v1/webhook_endpoints/..%2f..%2fsecret")]
    public async Task AnyRoute_UnknownId_Is404(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await (await server.Client.SendAsync(request, Token)).ErrorAsync(HttpStatusCode.NotFound);
    }

    private static JsonValueKind Secret(JsonElement endpoint) => endpoint.TryGetProperty("secret", out var secret) ? secret.ValueKind : JsonValueKind.Null;

    private static void AssertSigned(IHeaderDictionary headers, string body, string secret)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"]!, null));
        Assert.Equal(WebhookSignature.Sign(headers["webhook-id"]!, at, Encoding.UTF8.GetBytes(body), [WebhookSecret.Parse(secret)]), headers["webhook-signature"]);
    }

    private async Task<JsonElement> CreateAsync(string path) =>
        await (await server.Client.PostAsJsonAsync(Endpoints, new { url = _url + path }, Token)).JsonAsync(HttpStatusCode.Created);

    private async Task<(IHeaderDictionary Headers, string Body)> ReceiveAsync(string job)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var received = await _received.Reader.ReadAsync(timeout.Token);
            if (received.Body.Contains(job, StringComparison.Ordinal))
            {
                return received;
            }
        }
    }

    private async Task<JsonElement> DeliveredAsync(string endpoint)
    {
        JsonElement delivery = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await (await server.Client.GetAsync($"{Endpoints}/{endpoint}/deliveries?limit=1", Token)).JsonAsync();
                delivery = page.GetProperty("data").EnumerateArray().FirstOrDefault();
                return delivery.ValueKind == JsonValueKind.Object && delivery.GetProperty("status").GetString() == "delivered";
            },
            "the delivery is recorded");
        return delivery;
    }
}
