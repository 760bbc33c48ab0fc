using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>What an orchestration's code asks for, before it is stored.</summary>
/// <param name="Kind">Activity, timer or child.</param>
/// <param name="Task">Its number within the instance, from 1.</param>
/// <param name="Cause">The sequence of the event whose processing made the code ask.</param>
/// <param name="Name">The name of the activity or of the child's orchestration.</param>
/// <param name="Data">JSON of an activity's input; the id of a child.</param>
/// <param name="Value">The attempt of an activity, from 1; the due time of a timer, in UTC ticks.</param>
/// <param name="ChildInput">JSON of a child's input: stored in the child's own history.</param>
internal sealed record AskedTask(HistoryEventKind Kind, int Task, int Cause, string? Name = null, string? Data = null, long Value = 0, string? ChildInput = null);
