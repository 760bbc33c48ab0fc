using System.Net;
using System.Text.Json;

namespace Emu.Api.Tests.Server;

/// <summary>Reads responses and checks their shape.</summary>
public static class Responses
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> response, HttpStatusCode expected = HttpStatusCode.OK) => await (await response).JsonAsync(expected);

    public static async Task<ErrorResponse> ErrorAsync(this Task<HttpResponseMessage> response, HttpStatusCode expected) => await (await response).ErrorAsync(expected);

    /// <summary>Asserts OpenAI's error shape and returns the error.</summary>
    public static async Task<ErrorResponse> ErrorAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var error = (await response.JsonAsync(expected)).GetProperty("error");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain("   at ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        return new ErrorResponse(error.GetProperty("message").GetString()!, error.GetProperty("type").GetString()!, error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }
}

public sealed record ErrorResponse(string Message, string Type, string? Param, string? Code);
