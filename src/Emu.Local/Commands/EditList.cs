using System.Text.Json;
using Emu.Generation.Edits;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary>What <c>emu edit --list</c> prints: what can be done to a picture.</summary>
internal static class EditList
{
    /// <summary>Prints it.</summary>
    /// <param name="output">Where.</param>
    /// <param name="json">Whether as one JSON array.</param>
    public static async Task PrintAsync(TextWriter output, bool json)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(EditPlans.Offers, PipelineJson.Options));
            return;
        }

        foreach (var task in EditPlans.Offers.GroupBy(offer => offer.Task))
        {
            await output.WriteLineAsync($"{task.Key}{(task.All(offer => offer.NeedsModel) ? " (with a model that follows instructions: see docs/edits.md)" : "")}");
            foreach (var offer in task)
            {
                await output.WriteLineAsync($"  {offer.Summary}: {string.Join(", ", offer.Examples.Select(example => $"\"{example}\""))}");
            }
        }
    }
}
