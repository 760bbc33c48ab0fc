using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Requests;

/// <summary>JSON as programs really send it, to a real server.</summary>
public sealed class JsonBodyTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Theory]
    [InlineData("""{"prompt":"a fox",}""", "line 1, column 19: there is a comma before '}'; remove it.")]
    [InlineData("""{"prompt":"a fox","formats":["gif", ]}""", "line 1, column 37: there is a comma before ']'; remove it.")]
    [InlineData("{\r\n  \"prompt\": \"ä fôx 🦊\",\r\n}", "line 3, column 1: there is a comma before '}'; remove it.")]
    [InlineData("""{"prompt":"ä 🦊" "seed":7}""", "line 1, column 17: a comma or the object's end is expected, not '\"'.")]
    [InlineData("""{"formats":["gif" "webp"]}""", "line 1, column 19: a comma or the list's end is expected, not '\"'.")]
    [InlineData("{'prompt':'a fox'}", "line 1, column 2: a name in double quotes is expected, not '''.")]
    [InlineData("{prompt:1}", "line 1, column 2: a name in double quotes is expected, not 'prompt'.")]
    [InlineData("""{"seed":7,prompt:1}""", "line 1, column 11: a name in double quotes is expected, not 'prompt'.")]
    [InlineData("""{"prompt" "a fox"}""", "line 1, column 11: a colon is expected, not '\"'.")]
    [InlineData("""{"transparent":True}""", "line 1, column 16: a value (a text in double quotes, a number, true, false, null, a list or an object) is expected, not 'True'.")]
    [InlineData("""{"seed":None}""", "line 1, column 9: a value (a text in double quotes, a number, true, false, null, a list or an object) is expected, not 'None'.")]
    [InlineData("""{"seed":007}""", "line 1, column 10: a value (a text in double quotes, a number, true, false, null, a list or an object) is expected, not '007'.")]
    [InlineData("{\"prompt\":\"a\nfox\"}", "line 1, column 13: the control character U+000A cannot stand here; inside a text write it as \\n.")]
    [InlineData("""{"prompt":"C:\data"}""", "line 1, column 15: a text holds a backslash that begins no escape; accepted are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits.")]
    [InlineData("""{"prompt":"\u12"}""", "line 1, column 16: a text holds a backslash that begins no escape; accepted are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits.")]
    [InlineData("""{"prompt":"a fox""", "line 1, column 17: it ends before it is complete.")]
    [InlineData("""{"prompt":""", "line 1, column 11: it ends before it is complete.")]
    [InlineData("  ", "line 1, column 3: it ends before it is complete.")]
    [InlineData("// a fox\n{}", "line 1, column 1: comments are not accepted.")]
    [InlineData("""{"seed":7 /* lucky */}""", "line 1, column 11: comments are not accepted.")]
    [InlineData("{} {}", "line 1, column 4: nothing may follow the JSON's end, and there is '{'.")]
    [InlineData("prompt=a+fox", "line 1, column 1: an object in braces is expected, not 'prompt'.")]
    [InlineData("""{"prompt":"a","seed":1,"prompt":"b"}""", "line 1, column 24: the name \"prompt\" stands twice in one object.")]
    [InlineData("""{"metadata":{"a":[[[[[[[[1]]]]]]]]}}""", "line 1, column 24: it is nested deeper than 8.")]
    [InlineData("""{"prompt":"a fox"]""", "line 1, column 18: a comma or the object's end is expected, not ']'.")]
    public async Task Create_NoJson_SaysWhereAndWhatInOneSentence(string json, string expected)
    {
        var error = await PostAsync(Encoding.UTF8.GetBytes(json)).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal(("invalid_body", $"The JSON is invalid in {expected}"), (error.Code, error.Message));
    }

    [Fact]
    public async Task Create_Latin1_SaysWhereAndWhatToSend()
    {
        var error = await PostAsync(Encoding.Latin1.GetBytes("{\n\"prompt\":\"süß\"}")).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("The JSON is invalid in line 2, column 12: the byte 0xFC is not UTF-8; send the text as UTF-8.", error.Message);
    }

    [Fact]
    public async Task Create_Utf16_SaysWhatToSend()
    {
        var error = await PostAsync([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")]).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("The JSON is invalid in line 1, column 1: the text is UTF-16; send UTF-8.", error.Message);
    }

    [Fact]
    public async Task Create_ByteOrderMark_IsSkipped()
    {
        var video = await PostAsync([.. Encoding.UTF8.Preamble, .. "{\"prompt\":\"süß\",\"seed\":7.0}"u8]).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(("süß", 7), (video.GetProperty("prompt").GetString(), video.GetProperty("seed").GetInt64()));
    }

    [Fact]
    public async Task Create_ByteOrderMarkInAForm_IsSkipped()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([.. Encoding.UTF8.Preamble, .. "süß"u8]), "prompt" } };
        var video = await (await server.Client.PostAsync("/v1/videos", form)).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("süß", video.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("/v1/videos?limit=2.0", HttpStatusCode.OK)]
    [InlineData("/v1/videos?limit=2.5", HttpStatusCode.BadRequest)]
    [InlineData("/v1/videos?limit=101.0", HttpStatusCode.BadRequest)]
    public async Task List_WholeNumberWithAPoint_IsTaken(string path, HttpStatusCode expected) => Assert.Equal(expected, (await server.Client.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("7.0", 7)]
    [InlineData("7e2", 700)]
    [InlineData("-0.0", 0)]
    [InlineData("9007199254740991.0", 9007199254740991)]
    public async Task Create_WholeNumberInAnyNotation_IsTaken(string number, long expected) =>
        Assert.Equal(expected, (await PostAsync(Encoding.UTF8.GetBytes($$"""{"prompt":"a fox","seed":{{number}}}""")).JsonAsync(HttpStatusCode.Accepted)).GetProperty("seed").GetInt64());

    [Theory]
    [InlineData("7.5")]
    [InlineData("1e-30")]
    [InlineData("1e300")]
    [InlineData("9007199254740992.0")]
    public async Task Create_NumberThatIsNotWholeOrTooLarge_IsRefused(string number) =>
        Assert.Equal("seed", (await PostAsync(Encoding.UTF8.GetBytes($$"""{"prompt":"a fox","seed":{{number}}}""")).ErrorAsync(HttpStatusCode.BadRequest)).Param);

    private async Task<HttpResponseMessage> PostAsync(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        return await server.Client.PostAsync("/v1/videos", content);
    }
}
