using Emu.Local.CommandLine;

return await EmuCommandLine.RunAsync(args);
