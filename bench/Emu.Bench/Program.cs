using System.CommandLine;
using Emu.Bench.Api;
using Emu.Bench.Chaos;
using Emu.Bench.Denoise;
using Emu.Bench.Edit;
using Emu.Bench.Hour;
using Emu.Bench.Motion;
using Emu.Bench.Pipeline;

// One class a benchmark, one line each; every command explains itself with --help.
var root = new RootCommand("Measures EmuFunctions: ./emu bench NAME [options]")
{
    ApiBenchmark.Create(),
    ApiServer.Create(),
    DenoiseBenchmark.Create(),
    PipelineBenchmark.Create(),
    PipelineWorker.Create(),
    SharedPipeline.CreateWorker(),
    ChaosBenchmark.Create(),
    new Command("eval", "What results are worth: ./emu eval NAME [options]") { EditEvaluation.Create(), MotionEvaluation.Create() },
    HourBenchmark.Create(),
};
return await root.Parse(args).InvokeAsync();
