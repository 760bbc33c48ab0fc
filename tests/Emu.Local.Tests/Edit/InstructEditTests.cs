using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Emu.Diffusion.Tests.Onnx;
using Emu.Editing.Composition;
using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Local.Tests.Edit;

/// <summary>Instructions that the grammar does not read, with a tiny InstructPix2Pix in the models folder.</summary>
public sealed class InstructEditTests : IDisposable
{
    private const int Kill = 9;
    private const string Winter = "make it look like winter";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Edit_ModelNamed_FollowsWhatTheGrammarDoesNotReadAndProvesWhatIsKept()
    {
        var (picture, mask, model) = (await PictureAsync(), await MaskAsync(), Package("tiny-pix2pix"));
        var result = await EmuCommand.RunAsync("edit", picture, Winter, "--model", model, "--mask", mask, "--steps", "2", "--guidance", "3", "--image-guidance", "1.2", "--out", _folder["out.png"], "--verify");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("of the pixels kept bit for bit, by the model 'tiny-pix2pix' (", result.Output, StringComparison.Ordinal);
        Assert.Contains("verified: ", result.Output, StringComparison.Ordinal);
        Assert.Contains($"The grammar does not read \"{Winter}\": the model 'tiny-pix2pix' follows it.", result.Errors, StringComparison.Ordinal);
        Assert.InRange(PixelExact.KeptShare(await ReadAsync(picture), await ReadAsync(_folder["out.png"]), Token), 0.5, 0.99);
    }

    [Fact]
    public async Task Edit_ModelNamedButNotNeeded_IsDoneByOperationsAndSaysSo()
    {
        var (picture, model) = (await PictureAsync(), Package("tiny-pix2pix"));
        var (named, plain) = (await EmuCommand.RunAsync("edit", picture, "make it sepia", "--model", model, "--steps", "2", "--out", _folder["named.png"]), await EmuCommand.RunAsync("edit", picture, "make it sepia", "--out", _folder["plain.png"]));
        Assert.Equal((0, 0), (named.ExitCode, plain.ExitCode));
        Assert.Contains("the model 'tiny-pix2pix' is not asked. The task 'instruct' asks it", named.Errors, StringComparison.Ordinal);
        Assert.Contains("have no effect", named.Errors, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["plain.png"], Token), await File.ReadAllBytesAsync(_folder["named.png"], Token));
    }

    [Fact]
    public async Task Edit_OnlyOneModelInTheFolder_NeedsNoNameAndTwoDo()
    {
        var picture = await PictureAsync();
        Package("tiny-pix2pix");
        var environment = new Dictionary<string, string?> { ["EMU_MODELS"] = _folder["models"] };
        var one = await EmuProcess.RunAsync(_folder.Path, environment, "edit", picture, Winter, "make it sepia", "--steps", "1", "--out", _folder["out.png"], "--json");
        Assert.True(one.ExitCode == 0, one.Errors);
        var steps = JsonElement.Parse(one.Output).GetProperty("steps")[0].GetProperty("plan").EnumerateArray().ToList();
        Assert.Equal(["instruct", "global"], steps.Select(step => step.GetProperty("task").GetString()));
        Assert.Equal((Winter, "tiny-pix2pix"), (steps[0].GetProperty("operation").GetProperty("instruction").GetString(), steps[0].GetProperty("operation").GetProperty("model").GetString()));

        Package("other-pix2pix");
        var two = await EmuProcess.RunAsync(_folder.Path, environment, "edit", picture, Winter, "--out", _folder["two.png"]);
        Assert.Equal(1, two.ExitCode);
        Assert.Contains("Name the model that is to follow it: 'other-pix2pix', 'tiny-pix2pix'.", two.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["two.png"]));
    }

    [Fact]
    public async Task Edit_BadModel_SaysWhatIsWrongAndWritesNothing()
    {
        var picture = await PictureAsync();
        var (wrong, missing) = (Package("wrong", channels: 4), Package("missing"));
        Directory.Delete(Path.Combine(missing, "unet"), recursive: true);
        await RefusedAsync(1, "has 4 on axis 1, but 8 was expected", picture, Winter, "--model", wrong);
        await RefusedAsync(1, Path.Combine("unet", "model.onnx"), picture, Winter, "--model", missing);
        await RefusedAsync(2, "There is no model package 'stiker'. The nearest is 'sticker'.", picture, Winter, "--model", "stiker");
        await RefusedAsync(1, "The model 'sticker' follows no instructions in free form.", picture, Winter, "--model", "sticker");
        await RefusedAsync(1, "A model that follows instructions in free form could", picture, Winter);
        await RefusedAsync(1, "The task 'instruct' is done by a model", picture, Winter, "--task", "instruct");
        await RefusedAsync(1, "was not trained for image_guidance", picture, "make it sepia", "--image-guidance", "2");
    }

    [Fact]
    public async Task Edit_Plan_ShowsWhichOfTheTwoItIs()
    {
        var plan = await EmuCommand.RunAsync("edit", await PictureAsync(), Winter, "--model", Package("tiny-pix2pix"), "--plan");
        Assert.True(plan.ExitCode == 0, plan.Errors);
        var step = JsonElement.Parse(plan.Output).GetProperty("steps")[0];
        Assert.Equal(("instruct", "instruct", "everything"), (step.GetProperty("task").GetString(), step.GetProperty("operation").GetProperty("operation").GetString(), step.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task Work_KilledWhileDenoising_EndsWithTheSameBytes()
    {
        var (picture, model) = (await PictureAsync(), Package("tiny-pix2pix"));
        var ids = new Dictionary<string, string>();
        foreach (var data in new[] { "whole", "killed" })
        {
            // A worker that has nothing to do publishes what its models can do.
            await WorkAsync(data, model, "20");
            var added = await EmuCommand.RunAsync("jobs", "add", "--edit", picture, Winter, "--steps", "400", "--seed", "3", "--data", _folder[data], "--json");
            Assert.True(added.ExitCode == 0, added.Errors);
            Assert.Equal("tiny-pix2pix", JsonElement.Parse(added.Output).GetProperty("request").GetProperty("model").GetString());
            ids[data] = JsonElement.Parse(added.Output).GetProperty("id").GetString()!;
        }

        await WorkAsync("whole", model, "20");
        var attempts = Path.Combine(_folder["killed"], "store", "jobs", ids["killed"]);
        using (var process = EmuProcess.Start(_folder.Path, Arguments("killed", model, "0.001")))
        {
            await process.WaitUntilAsync(() => Directory.Exists(attempts) && Directory.EnumerateFiles(attempts, "step-*.zip", SearchOption.AllDirectories).Count() > 3);
            Assert.True(process.TrySignal(Kill));
            await process.WaitAsync();
        }

        Assert.False(File.Exists(Path.Combine(attempts, "edit.manifest.json")), "The edit was done before it was killed.");
        await WorkAsync("killed", model, "0.05");
        Assert.Equal(Image("whole", ids["whole"]), Image("killed", ids["killed"]));
        var shown = await EmuCommand.RunAsync("jobs", "show", ids["killed"], "--data", _folder["killed"]);
        Assert.Contains("completed", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"emu: The grammar does not read \"{Winter}\"", shown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ListsTheModelAndFollowsInstructionsOfFormsAndSessions()
    {
        var url = FreeUrl();
        using var client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(3) };
        using var server = EmuProcess.Start(_folder.Path, "serve", "--data", _folder["data"], "--urls", url, "--no-uploads", "--model", "sticker", "--model", Package("tiny-pix2pix"));
        await server.WaitForErrorsAsync("serving");

        var model = JsonElement.Parse(await client.GetStringAsync("/v1/models/tiny-pix2pix", Token)).GetProperty("capabilities");
        Assert.Equal(("edit", true), (Assert.Single(model.GetProperty("kinds").EnumerateArray()).GetString(), model.GetProperty("follows_instructions").GetBoolean()));
        Assert.Contains("instruct", model.GetProperty("edit_tasks").EnumerateArray().Select(task => task.GetString()));

        var file = await File.ReadAllBytesAsync(await PictureAsync(), Token);
        var answer = await PostAsync(client, "/v1/images/edits", HttpStatusCode.OK, file, ("prompt", Winter), ("model", "tiny-pix2pix"), ("steps", "2"), ("guidance", "4"), ("image_guidance", "1.5"), ("seed", "5"));
        var edited = Convert.FromBase64String(answer.GetProperty("data")[0].GetProperty("b64_json").GetString()!);
        Assert.Contains("the model 'tiny-pix2pix' follows it", answer.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        var job = JsonElement.Parse(await client.GetStringAsync($"/v1/images/edits/{answer.GetProperty("data")[0].GetProperty("id").GetString()}", Token));
        Assert.Equal(("tiny-pix2pix", 2, "instruct"), (job.GetProperty("model").GetString(), job.GetProperty("steps").GetInt32(), job.GetProperty("plan")[0].GetProperty("task").GetString()));

        var session = await PostAsync(client, "/v1/edits", HttpStatusCode.OK, file, ("instruction", Winter), ("steps", "2"), ("guidance", "4"), ("seed", "5"));
        var version = session.GetProperty("versions")[1];
        Assert.Equal(("completed", "instruct"), (version.GetProperty("status").GetString(), version.GetProperty("plan")[0].GetProperty("task").GetString()));
        Assert.Equal(edited, await client.GetByteArrayAsync($"/v1/edits/{session.GetProperty("id").GetString()}/versions/2/content", Token));

        var tasks = JsonElement.Parse(await client.GetStringAsync("/v1/edits/tasks", Token)).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal((true, false), (tasks.Single(task => task.GetProperty("id").GetString() == "instruct").GetProperty("needs_model").GetBoolean(), tasks[0].GetProperty("needs_model").GetBoolean()));

        var unknown = await PostAsync(client, "/v1/images/edits", HttpStatusCode.BadRequest, file, ("prompt", Winter), ("model", "tiny-pixpix"));
        Assert.Contains("The nearest is 'tiny-pix2pix'.", unknown.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        var drawing = await PostAsync(client, "/v1/images/edits", HttpStatusCode.BadRequest, file, ("prompt", Winter), ("model", "sticker"));
        Assert.Contains("follows no instructions in free form; name one that does: 'tiny-pix2pix'.", drawing.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        server.Signal(15);
        await server.WaitAsync();
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, HttpStatusCode expected, byte[] file, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file) { Headers = { ContentType = new("image/png") } }, "image", "cat.png" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form, Headers = { { "Prefer", "wait=60" } } };
        using var response = await client.SendAsync(request, Token);
        var content = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, content);
        return JsonElement.Parse(content);
    }

    private static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    private string[] Arguments(string data, string model, string budget) =>
        ["work", "--data", _folder[data], "--drain", "--no-uploads", "--time-budget", budget, "--keep-intermediate", "--model", "sticker", "--model", model];

    private async Task WorkAsync(string data, string model, string budget)
    {
        var worked = await EmuCommand.RunAsync(Arguments(data, model, budget));
        Assert.True(worked.ExitCode == 0, worked.Errors);
    }

    private string Image(string data, string id)
    {
        var manifest = JsonElement.Parse(File.ReadAllText(Path.Combine(_folder[data], "store", "jobs", id, "composite.manifest.json")));
        return manifest.GetProperty("files").EnumerateArray().Single(file => file.GetProperty("name").GetString() == "image.png").GetProperty("sha256").GetString()!;
    }

    private string Package(string name, int channels = 8)
    {
        using var files = new MiniPackage("StableDiffusionInstructPix2PixPipeline", new MiniDenoiser { InputChannels = channels });
        var folder = Path.Combine(_folder["models"], name);
        foreach (var file in Directory.EnumerateFiles(files.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(files.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    private async Task RefusedAsync(int code, string message, params string[] arguments)
    {
        var result = await EmuCommand.RunAsync(["edit", .. arguments, "--out", _folder["refused.png"]]);
        Assert.True(result.ExitCode == code, result.Errors);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["refused.png"]));
    }

    private async Task<string> PictureAsync()
    {
        await using var file = File.Create(_folder["cat.png"]);
        await new SourcePictureWriter().WriteAsync(SourcePicture.CreateByRows(64, 48, 8, SourceMetadata.None, static (y, row) => new Random(y).NextBytes(row)), file, null, Token);
        return _folder["cat.png"];
    }

    private async Task<string> MaskAsync()
    {
        await using var file = File.Create(_folder["mask.png"]);
        await new SourcePictureWriter().WriteAsync(SourcePicture.CreateByRows(64, 48, 8, SourceMetadata.None, static (_, row) =>
        {
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = i % 4 == 3 || i < row.Length / 2 ? (byte)255 : (byte)0;
            }
        }), file, null, Token);
        return _folder["mask.png"];
    }

    private static async Task<SourcePicture> ReadAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        return await new SourcePictureReader().ReadAsync(stream, Token);
    }
}
