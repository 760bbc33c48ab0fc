using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Emu.Local.Progress;

/// <summary>Shows <c>12/25</c>.</summary>
public sealed class StepColumn : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:0}/{task.MaxValue:0}")).RightJustified();
    }
}
