using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Reads the JSON files of a package; every failure names the file.</summary>
internal static class PackageJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static T Read<T>(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new ModelPackageException(path, "the file holds null; an object was expected.");
        }
        catch (FileNotFoundException exception)
        {
            throw new ModelPackageException(path, "the file is missing.", exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new ModelPackageException(path, "the file is missing.", exception);
        }
        catch (JsonException exception)
        {
            throw new ModelPackageException(path, $"the file cannot be understood: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a configuration that diffusers wrote, of which only a few fields matter; null if there is none.</summary>
    public static JsonObject? ReadObject(string path) => File.Exists(path)
        ? Read<JsonNode>(path) as JsonObject ?? throw new ModelPackageException(path, "an object was expected.")
        : null;
}
