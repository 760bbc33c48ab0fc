using Emu.Diffusion.ModelPackages;
using Emu.Media.Video;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>What a user should know of an order before it is made, and that stops nothing.</summary>
internal static class OrderWarnings
{
    /// <summary>Looks for words that the model does not know, words that do not fit, and transparency that a format cannot keep.</summary>
    public static IEnumerable<string> Find(GenerationOrder order, ModelPackage package)
    {
        var texts = order.Prompt.Length == 0 ? [] : package.Text.Select(text => package.GetTokenizer(text.Source).Encode(order.Prompt)).ToArray();
        var unknown = texts.SelectMany(text => text.UnknownWords).Distinct().ToArray();
        if (unknown.Length > 0)
        {
            var words = string.Join(", ", unknown.Select(word => $"'{word}'"));
            yield return $"the model does not know {words}: {(unknown.Length == 1 ? "that word has" : "those words have")} no effect";
        }

        if (texts.Select(text => text.DroppedTokens).DefaultIfEmpty().Max() is var dropped and > 0)
        {
            yield return $"the prompt is longer than the model reads: its last {(dropped == 1 ? "word has" : $"{dropped} words have")} no effect";
        }

        if (order.Transparent)
        {
            foreach (var output in order.Outputs.Where(output => !KeepsAlpha(order.Kind, output)))
            {
                yield return $"{Path.GetFileName(output)}: this format has no transparency, so its ground is white";
            }
        }
    }

    private static bool KeepsAlpha(JobKind kind, string path) => kind == JobKind.Video
        ? VideoFormats.TryFromExtension(path, out var format) && format.Value.KeepsAlpha()
        : OutputFormats.OfPicture(path) != "jpeg";
}
