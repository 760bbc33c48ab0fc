using System.CommandLine;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs</c>: the jobs of a data folder, beside whatever works on it, as a group of commands.</summary>
internal sealed class JobsCommand : Command
{
    /// <summary>Creates the command.</summary>
    public JobsCommand()
        : base("jobs", "Queues, lists, shows, cancels and watches the jobs of a data folder; 'emu work' or 'emu serve' does them")
    {
        Add(new JobsAddCommand());
        Add(new JobsListCommand());
        Add(new JobsShowCommand());
        Add(new JobsCancelCommand());
        Add(new JobsWatchCommand());
    }
}
