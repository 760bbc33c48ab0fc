using Emu.Worker.Hosting;

return await WorkerProgram.RunAsync(args, Console.Error);
