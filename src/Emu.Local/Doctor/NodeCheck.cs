namespace Emu.Local.Doctor;

/// <summary>Looks for node, which only the tests need (the storage emulator, and clients of the API).</summary>
internal static class NodeCheck
{
    /// <summary>Runs <c>node --version</c>.</summary>
    public static async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        var version = (await ProgramOutput.ReadAsync("node", ["--version"], cancellationToken)).Trim();
        return version.Length > 0
            ? new("node", FindingState.Ok, $"{version} (only the tests need it)")
            : new("node", FindingState.Optional, "not found; without it some tests are skipped");
    }
}
