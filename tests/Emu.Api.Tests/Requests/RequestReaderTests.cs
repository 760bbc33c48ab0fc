using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Tests.Requests;

public sealed class RequestReaderTests
{
    private static readonly RequestSchema Schema = new(
        "Test",
        RequestField.Of(JobFields.Prompt),
        RequestField.Of(JobFields.Seed),
        RequestField.Of(JobFields.Guidance),
        RequestField.Of(JobFields.Transparent),
        RequestField.Of(JobFields.Formats),
        RequestField.Of(JobFields.Metadata),
        RequestField.Text("picture", "") with { File = true });

    [Fact]
    public async Task ReadAsync_JsonOfEveryType_ReadsThem()
    {
        var fields = await JsonAsync("""{"prompt":"a fox","seed":7,"guidance":2.5,"transparent":true,"formats":["gif","webp"],"metadata":{"a":"b"}}""");

        Assert.Equal("a fox", fields.Text("prompt"));
        Assert.Equal(7, fields.WholeNumber("seed", 0, 10));
        Assert.Equal(2.5, fields.Number("guidance", 0, 10));
        Assert.True(fields.Boolean("transparent"));
        Assert.Equal(["gif", "webp"], fields.TextList("formats", 4)!);
        Assert.Equal("b", fields.TextMap("metadata")!["a"]);
    }

    [Theory]
    [InlineData("formats[]", "formats[]")]
    [InlineData("formats", "formats")]
    public async Task ReadAsync_FormOfEveryType_ReadsThem(string first, string second)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("a fox"), "prompt" },
            { new StringContent("7"), "seed" },
            { new StringContent("2.5"), "guidance" },
            { new StringContent("true"), "transparent" },
            { new StringContent("gif"), first },
            { new StringContent("webp"), second },
            { new StringContent("b"), "metadata[a]" },
            { new ByteArrayContent([1, 2, 3]), "picture", "x.png" },
        };
        var fields = await ReadAsync(form);

        Assert.Equal("a fox", fields.Text("prompt"));
        Assert.Equal(7, fields.WholeNumber("seed", 0, 10));
        Assert.Equal(2.5, fields.Number("guidance", 0, 10));
        Assert.True(fields.Boolean("transparent"));
        Assert.Equal(["gif", "webp"], fields.TextList("formats", 4)!);
        Assert.Equal("b", fields.TextMap("metadata")!["a"]);
        Assert.Equal([1, 2, 3], fields.File("picture")!.Content.ToArray());
    }

    [Fact]
    public async Task ReadAsync_FormListWithCommas_SplitsThem()
    {
        using var form = new MultipartFormDataContent { { new StringContent("gif, webp"), "formats" } };
        Assert.Equal(["gif", "webp"], (await ReadAsync(form)).TextList("formats", 4)!);
    }

    [Theory]
    [InlineData("""{"colour":1}""", "colour", "unknown_parameter")]
    [InlineData("""{"colour":null}""", "colour", "unknown_parameter")]
    [InlineData("""{"Prompt":"a"}""", "Prompt", "unknown_parameter")]
    [InlineData("""{"prompt":1}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt":"\ud800"}""", "prompt", "invalid_value")]
    [InlineData("""{"seed":"7"}""", "seed", "invalid_type")]
    [InlineData("""{"seed":1.5}""", "seed", "invalid_value")]
    [InlineData("""{"seed":-1}""", "seed", "invalid_value")]
    [InlineData("""{"seed":1e999}""", "seed", "invalid_value")]
    [InlineData("""{"guidance":1e999}""", "guidance", "invalid_value")]
    [InlineData("""{"transparent":"true"}""", "transparent", "invalid_type")]
    [InlineData("""{"formats":"gif"}""", "formats", "invalid_type")]
    [InlineData("""{"formats":["gif",1]}""", "formats[1]", "invalid_type")]
    [InlineData("""{"formats":["1","2","3","4","5"]}""", "formats", "invalid_value")]
    [InlineData("""{"metadata":{"a":1}}""", "metadata.a", "invalid_type")]
    [InlineData("""{"metadata":[]}""", "metadata", "invalid_type")]
    public async Task ReadAsync_WrongField_NamesIt(string json, string param, string code)
    {
        var exception = await Assert.ThrowsAsync<ApiException>(async () => ReadAll(await JsonAsync(json)));
        Assert.Equal((400, param, code), (exception.StatusCode, exception.Param, exception.Code));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"prompt":"a","prompt":"b"}""")]
    [InlineData("""{"prompt":"a",}""")]
    [InlineData("""{"prompt":"a"} x""")]
    [InlineData("""{"metadata":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}}""")]
    [InlineData("""{"\ud800":"a"}""")]
    public async Task ReadAsync_NotOneJsonObject_RefusesTheBody(string json)
    {
        var exception = await Assert.ThrowsAsync<ApiException>(() => JsonAsync(json));
        Assert.Equal((400, "invalid_body"), (exception.StatusCode, exception.Code));
    }

    [Fact]
    public async Task ReadAsync_NullValue_CountsAsAbsent() => Assert.Null((await JsonAsync("""{"prompt":null}""")).Text("prompt"));

    [Fact]
    public async Task ReadAsync_EmptyBody_HasNoFields() => Assert.Null((await ReadAsync(new ByteArrayContent([]))).Text("prompt"));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data")]
    public async Task ReadAsync_OtherContentType_IsRefused(string contentType)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        var exception = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(content));
        Assert.InRange(exception.StatusCode, 400, 415);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(120)]
    public async Task ReadAsync_TruncatedForm_IsRefused(int cut)
    {
        using var form = new MultipartFormDataContent { { new StringContent("a fox"), "prompt" }, { new ByteArrayContent(new byte[50]), "picture", "x.png" } };
        var whole = await form.ReadAsByteArrayAsync();
        var content = new ByteArrayContent(whole[..^(cut + 4)]);
        content.Headers.ContentType = form.Headers.ContentType;
        var exception = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(content));
        Assert.Equal((400, "invalid_body"), (exception.StatusCode, exception.Code));
    }

    [Fact]
    public async Task ReadAsync_FormFieldTwice_NamesIt()
    {
        using var form = new MultipartFormDataContent { { new StringContent("a"), "prompt" }, { new StringContent("b"), "prompt" } };
        var exception = await Assert.ThrowsAsync<ApiException>(async () => (await ReadAsync(form)).Text("prompt"));
        Assert.Equal("prompt", exception.Param);
    }

    [Fact]
    public async Task ReadAsync_FormFileOverTheLimit_Is413()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[70_000]), "picture", "x.png" } };
        var exception = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(form));
        Assert.Equal((413, "picture"), (exception.StatusCode, exception.Param));
    }

    [Fact]
    public async Task ReadAsync_BodyOverTheLimit_Is413()
    {
        var exception = await Assert.ThrowsAsync<ApiException>(() => JsonAsync(JsonSerializer.Serialize(new { prompt = new string('a', 2_000_000) })));
        Assert.Equal(413, exception.StatusCode);
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf8InForm_NamesTheField()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([0xff, 0xfe]), "prompt" } };
        var exception = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(form));
        Assert.Equal((400, "prompt"), (exception.StatusCode, exception.Param));
    }

    private static void ReadAll(RequestFields fields)
    {
        fields.Text("prompt");
        fields.WholeNumber("seed", 0, 10);
        fields.Number("guidance", 0, 10);
        fields.Boolean("transparent");
        fields.TextList("formats", 4);
        fields.TextMap("metadata");
    }

    private static Task<RequestFields> JsonAsync(string json) => ReadAsync(new StringContent(json, Encoding.UTF8, "application/json"));

    private static async Task<RequestFields> ReadAsync(HttpContent content)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = await content.ReadAsStreamAsync();
        context.Request.ContentType = content.Headers.ContentType?.ToString();
        return await new RequestReader(new ApiLimits { MaximumPictureBytes = 1 << 16 }).ReadAsync(context, Schema, 1 << 20, CancellationToken.None);
    }
}
