namespace Emu.Generation.Motion;

/// <summary>Finds the camera that a prompt asks for ("a castle, zooming in", "a panning shot of a castle").</summary>
internal static class CameraReader
{
    private static readonly (string Phrase, Camera Camera)[] Phrases =
        [.. from camera in Camera.All from phrase in camera.Phrases orderby phrase.Length descending select (phrase, camera)];

    /// <summary>Words that joined the camera to the picture, before it.</summary>
    private static readonly string[] JoiningBefore = ["with", "and", "while", "as", "a", "an", "the", "slowly", "gently"];

    /// <summary>And after it.</summary>
    private static readonly string[] JoiningAfter = ["of", "on", "at", "over", "slowly", "gently", "and"];

    /// <summary>The camera, and the prompt without the words that name it; null and the prompt where none does.</summary>
    public static (Camera? Camera, string Prompt) Read(string prompt)
    {
        foreach (var (phrase, camera) in Phrases)
        {
            var at = prompt.IndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            var end = at + phrase.Length;
            if (at < 0 || (at > 0 && char.IsLetterOrDigit(prompt[at - 1])) || (end < prompt.Length && char.IsLetterOrDigit(prompt[end])))
            {
                continue;
            }

            var before = Words(prompt[..at]);
            while (before.Count > 0 && JoiningBefore.Contains(before[^1], StringComparer.OrdinalIgnoreCase))
            {
                before.RemoveAt(before.Count - 1);
            }

            var after = Words(prompt[end..]);
            while (after.Count > 0 && JoiningAfter.Contains(after[0], StringComparer.OrdinalIgnoreCase))
            {
                after.RemoveAt(0);
            }

            var rest = string.Join(' ', before.Concat(after)).Trim(' ', ',', ';', '.');
            return (camera, rest.Length > 0 ? rest : prompt);
        }

        return (null, prompt);
    }

    private static List<string> Words(string text) => [.. text.Trim(' ', ',', ';', '.').Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
