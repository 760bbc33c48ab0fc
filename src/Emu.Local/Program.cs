Console.WriteLine("emu 0.1.0");
