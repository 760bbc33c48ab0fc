using System.ComponentModel;
using System.Text.Json.Serialization;
using Emu.Api.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Images;

/// <summary>An image job.</summary>
/// <param name="job">The job.</param>
[ShowsJobFields(JobKind.Image)]
public sealed class ImageResource(JobSnapshot job) : JobResource(job, JobKind.Image, "image");

/// <summary>A page of images, or those of one request that is not waited for.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The images' jobs.</param>
/// <param name="FirstId">The first one's id; null if there is none.</param>
/// <param name="LastId">The last one's id, after which the next page begins; null if there is none.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record ImageListResource(string Object, IReadOnlyList<ImageResource> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>The response to a generation of images.</summary>
/// <param name="Created">When the first image was requested.</param>
/// <param name="Data">The images.</param>
/// <param name="Background">Whether the background is transparent.</param>
/// <param name="OutputFormat">The files' format.</param>
/// <param name="Size">Width and height.</param>
/// <param name="Warnings">What the caller should know although it stopped nothing.</param>
public sealed record ImagesResource(
    [property: Description("Unix seconds.")] long Created,
    IReadOnlyList<GeneratedImage> Data,
    [property: Description("`transparent` or `opaque`.")] string Background,
    string OutputFormat,
    string Size,
    [property: Description("What you should know although it stopped nothing, a sentence each: fields that are ignored, words that the model does not know.")] IReadOnlyList<string> Warnings);

/// <summary>One image of a response.</summary>
/// <param name="B64Json">The file's bytes in base64, if they were requested.</param>
/// <param name="Url">A link to the file, if one was requested.</param>
/// <param name="Id">The job that made it.</param>
/// <param name="Seed">Its seed.</param>
public sealed record GeneratedImage(
    [property: JsonPropertyName("b64_json"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The file's bytes in base64.")] string? B64Json,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("A link that is valid for an hour.")] string? Url,
    string Id,
    long Seed);
