using System.Text.Json;

namespace Emu.Diffusion.Tests.Tokenizers;

/// <summary>Texts and the ids that another implementation gives them.</summary>
internal static class GoldenTexts
{
    public static IEnumerable<(string Text, int[] Ids)> Load(string family)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("tokenizers", family, "expected.json")));
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            yield return (entry.GetProperty("text").GetString()!, [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]);
        }
    }
}
