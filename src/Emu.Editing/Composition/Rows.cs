namespace Emu.Editing.Composition;

/// <summary>Work on rows, on all cores.</summary>
internal static class Rows
{
    /// <summary>Does something for each row.</summary>
    public static void ForEach(int height, Action<int> work, CancellationToken cancellationToken) =>
        Parallel.For(0, height, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, work);
}
