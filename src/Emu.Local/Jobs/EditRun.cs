using System.Diagnostics;
using System.Globalization;
using Emu.Editing.Masks;
using Emu.Local.Progress;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>Edits a picture in process: a session with a version for each step, on an engine in memory and a temporary folder.</summary>
internal static class EditRun
{
    /// <summary>Makes what was ordered.</summary>
    /// <param name="order">The order, checked.</param>
    /// <param name="view">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops the work; no file of the user's is touched.</param>
    public static async Task<EditResult> RunAsync(EditOrder order, IJobView view, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var picture = await InputPictureFile.ReadAsync(order.Picture, cancellationToken);
        var given = new JobPictures
        {
            Mask = order.Mask is { } mask ? await InputPictureFile.ReadAsync(mask, cancellationToken) : null,
            Background = order.Background is { } background ? await InputPictureFile.ReadAsync(background, cancellationToken) : null,
        };
        var folder = Directory.CreateTempSubdirectory("emu-").FullName;
        try
        {
            using var host = await JobRun.BuildAsync(order.Job, order.Models.Packages, folder, cancellationToken);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // Loading keeps one processor busy, and so does what comes before the subject is looked for.
            var prepared = order.NeedsSubject ? host.Services.GetRequiredService<ISubjectFinder>().PrepareAsync(ended.Token) : Task.CompletedTask;
            try
            {
                await host.StartAsync(cancellationToken);
                return await RunAsync(order, picture, given, host.Services, view, watch, cancellationToken);
            }
            finally
            {
                await ended.CancelAsync();
                await prepared.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await host.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<EditResult> RunAsync(
        EditOrder order, InputPicture picture, JobPictures given, IServiceProvider services, IJobView view, Stopwatch watch, CancellationToken cancellationToken)
    {
        var (jobs, sessions, store) = (services.GetRequiredService<JobService>(), services.GetRequiredService<EditSessions>(), services.GetRequiredService<IArtifactStore>());
        var last = order.Job.ToDraft(order.Models.Named);
        var (session, _) = await sessions.CreateAsync(Owner.Local, new JobDraft { Kind = JobKind.Edit }, new JobPictures { Input = picture }, new CreateOptions(), cancellationToken);
        var made = new List<JobRecord>();
        var setUp = TimeSpan.Zero;
        foreach (var (index, step) in order.Steps.Index())
        {
            // What lies between is lossless, whatever the end is.
            var draft = index == order.Steps.Count - 1 ? last : last with { Formats = [], Size = null, Edit = last.Edit is { } edit ? edit with { Lossy = false } : null, Warnings = [] };
            draft = draft with { Prompt = step, Seed = (last.Seed + index) & JobFields.MaximumSeed };
            var (version, _) = await sessions.AddAsync(Owner.Local, session.Session.Id, draft, given, null, new CreateOptions(), cancellationToken);
            setUp = watch.Elapsed;
            var stepView = order.Steps.Count > 1 ? new StepView(view, index + 1) : view;
            made.Add(await JobRun.FollowAsync(jobs, version.Version!.JobId, stepView, new ProgressReports(stepView, 1), cancellationToken));
        }

        var job = made[^1];
        var (outputs, problems) = await OutputFiles.WriteAsync(jobs, job, order.Job, cancellationToken);
        string? compare = null;
        if (order.Compare is { } sheet)
        {
            try
            {
                await using var source = await jobs.OpenFileAsync(job.Files!.Single(file => file.Variant == "compare"), cancellationToken);
                compare = await OutputFiles.CopyAsync(source, sheet.Path, replace: true, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problems = [.. problems, sheet.Describe(exception)];
            }
        }

        foreach (var (index, record) in made.Index())
        {
            if (order.Job.Keep is { } keep
                && await KeptArtifacts.TryCopyAsync(store, record, made.Count > 1 ? Path.Combine(keep, (index + 2).ToString(CultureInfo.InvariantCulture)) : keep, cancellationToken) is { } failed)
            {
                problems = [.. problems, failed];
            }
        }

        var verification = order.Verify || made.Count > 1 ? await EditVerification.RunAsync(store, made, order.Job.Outputs, cancellationToken) : null;
        problems = order.Verify && verification is { Problem: { } wrong } ? [.. problems, wrong] : problems;
        var seconds = await StageSeconds.ReadAsync(store, job, setUp, cancellationToken);
        seconds["total"] = Math.Round(watch.Elapsed.TotalSeconds, 3);
        return new(
            outputs,
            [.. made.Select(record => new EditedStep(record.Request.Prompt, record.Edit?.Plan, record.Edit?.KeptShare ?? 0, record.Edit?.Found))],
            verification?.KeptShare ?? job.Edit?.KeptShare ?? 0,
            made[0].Request.Seed,
            seconds,
            [.. made.SelectMany(record => record.Warnings).Distinct()],
            problems,
            compare,
            order.Verify && verification is { Problem: null } ? verification.Summary : null,
            order.Job.Keep);
    }

    // Each version has stages of the same names.
    private sealed class StepView(IJobView view, int step) : IJobView
    {
        public Task<TResult> RunAsync<TResult>(Func<Task<TResult>> work) => view.RunAsync(work);

        public void Report(string stage, int done, int total) => view.Report(string.Create(CultureInfo.InvariantCulture, $"{step}. {stage}"), done, total);

        public void Warn(string message) => view.Warn(message);
    }
}
