namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>What the network's output stands for. With x = α·x₀ + σ·ε:</summary>
public enum PredictionType
{
    /// <summary>The noise ε (<c>epsilon</c>).</summary>
    Epsilon,

    /// <summary>The velocity v = α·ε − σ·x₀ (<c>v_prediction</c>; Salimans and Ho, 2022).</summary>
    VPrediction,

    /// <summary>The clean sample x₀ (<c>sample</c>).</summary>
    Sample,

    /// <summary>The flow ε − x₀, for x = (1 − σ)·x₀ + σ·ε (<c>flow_prediction</c>; Lipman et al., 2022).</summary>
    Flow,
}
