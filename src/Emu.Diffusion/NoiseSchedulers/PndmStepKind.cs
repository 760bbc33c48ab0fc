namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>What an evaluation of the network is to PNDM.</summary>
internal enum PndmStepKind
{
    /// <summary>A step of the pseudo linear multistep method.</summary>
    Multistep,

    /// <summary>The first multistep step once more, at its end.</summary>
    Correction,

    /// <summary>The first of a Runge-Kutta step's four evaluations, at its start.</summary>
    RungeKuttaFirst,

    /// <summary>The second or third, half way.</summary>
    RungeKuttaMiddle,

    /// <summary>The last, at its end.</summary>
    RungeKuttaLast,
}
