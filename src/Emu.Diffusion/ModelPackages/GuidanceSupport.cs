namespace Emu.Diffusion.ModelPackages;

/// <summary>Which guidances a denoiser was trained for: which of its conditions were left out at times in training.</summary>
/// <param name="Text">Text was left out, so text guidance means something.</param>
/// <param name="Image">The picture was left out, so image guidance does too.</param>
public sealed record GuidanceSupport(bool Text, bool Image);
